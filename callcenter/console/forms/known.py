"""What is known already, as the raw values of the form: a guardian, a child, a request to be amended."""

from callcenter.desk.view import RequestView
from callcenter.reference import Reference
from callcenter.store.reads import ChildRow, GuardianRow
from callcenter.text.moments import moment
from callcenter.text.phone import display_phone
from callcenter.text.spoken_times import written_times


def raw_guardian(guardian: GuardianRow) -> dict[str, str]:
    """A known guardian as the form's raw values."""
    return {
        "guardian_id": guardian.id,
        "guardian": guardian.name,
        "phone": display_phone(guardian.phone),
        "relation": guardian.relation,
        "language": guardian.language,
        "second_name": guardian.second_name,
        "second_phone": display_phone(guardian.second_phone) if guardian.second_phone else "",
        "address": guardian.address,
        "reachable": guardian.reachable,
    }


def raw_child(number: int, child: ChildRow) -> dict[str, str]:
    """A known child as the raw values of the child of this number; symptoms are asked anew each time."""
    registered = "" if child.registered is None else "yes" if child.registered else "no"
    values = {
        "id": child.id,
        "name": child.name,
        "birth": child.birth,
        "school": child.school or "",
        "registered": registered,
        "needs": child.needs,
        "symptoms": "",
        "care_note": child.care_note,
        "sex": child.sex,
        "registration": child.registration,
    }
    return {f"child{number}.{field}": text for field, text in values.items()}


def _region_name(reference: Reference, code: str) -> str:
    """The full name, or the code that an application named and nobody knows."""
    region = reference.regions.get(code)
    return str(region.name) if region else code


def raw_request(view: RequestView, reference: Reference) -> dict[str, str]:
    """A request as the form's raw values, to be amended."""
    request = view.request
    raw = {
        "region": _region_name(reference, request.region),
        "residence": _region_name(reference, request.residence) if request.residence else "",
        "when": written_times(moment(request.start_at), moment(request.end_at)),
        "reason": request.reason,
        "urgency": request.urgency,
        "care_place": request.care_place or "",
        "handover": request.handover or "",
    }
    for number, child in enumerate(view.children, 1):
        raw |= raw_child(number, child) | {f"child{number}.symptoms": child.symptoms}
    return raw
