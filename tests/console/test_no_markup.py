"""No text of others is markup, and no value is part of an SQL statement: read from the source, not from a run.

Textual reads a plain `str` as markup: `[/]` in a name ends the program, and `[@click=…]` runs an action.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import callcenter

PACKAGE = Path(callcenter.__file__).parent
CONSOLE = PACKAGE / "console"

WIDGETS = frozenset(
    {"Static", "Label", "Button", "Checkbox", "RadioButton", "Option", "OptionList", "Tab", "TabPane", "Tree", "Digits"}
    | {
        "Collapsible",
        "Select",
        "SelectionList",
        "Selection",
        "Link",
        "Markdown",
        "Rule",
        "ListItem",
        "RadioSet",
        "Tabs",
    }
)
METHODS = frozenset(
    {"notify", "update", "add_row", "add_column", "add_columns", "add_option", "add_options", "add_leaf", "add_node"}
    | {"set_options", "set_label", "replace_option_prompt", "from_markup", "render_str", "add_pane", "add_tab"}
)
TITLES = frozenset({"border_title", "border_subtitle", "tooltip", "label", "prompt"})
SAFE_CALLS = frozenset({"label", "cell", "Content", "Text", "styled", "assemble", "from_rich_text", "Strip"})
SAFE_TYPES = frozenset({"Content", "Text", "Widget", "VisualType", "Strip"})
SQL = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|CREATE|DROP|ALTER|insert into|delete from)\s")


def name_of(node: ast.expr) -> str:
    """The last part of a dotted name, or ""."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def is_typed_safe(annotation: ast.expr | None) -> bool:
    return annotation is not None and name_of(annotation) in SAFE_TYPES


def makers_of_content(trees: list[ast.Module]) -> frozenset[str]:
    """Our functions that say they return something that is never markup."""
    return frozenset(
        node.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and is_typed_safe(node.returns)
    )


def safe_names(scope: ast.AST, makers: frozenset[str]) -> set[str]:
    """The names in a function that hold only what is never markup."""
    names: set[str] = set()
    unsafe: set[str] = set()
    for node in ast.walk(scope):
        if isinstance(node, ast.arg) and is_typed_safe(node.annotation):
            names.add(node.arg)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    (names if is_safe(node.value, makers, set()) else unsafe).add(target.id)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and isinstance(node.target, ast.Name):
            unsafe.add(node.target.id)
    return names - unsafe


def is_safe(node: ast.expr, makers: frozenset[str], names: set[str]) -> bool:
    """Whether the expression is a literal of ours, or something that Textual does not parse."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name in names
        case ast.Call(func=ast.Name(id="_"), args=[ast.Constant()]):
            return True
        case ast.Call(func=function):
            return name_of(function) in SAFE_CALLS | makers | WIDGETS
        case ast.IfExp(body=body, orelse=orelse):
            return is_safe(body, makers, names) and is_safe(orelse, makers, names)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return is_safe(left, makers, names) and is_safe(right, makers, names)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return all(is_safe(part, makers, names) for part in parts)
        case ast.Starred(value=value) | ast.Await(value=value):
            return is_safe(value, makers, names)
        case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
            return is_safe(element, makers, names)
        case ast.Dict() | ast.Set() | ast.DictComp() | ast.SetComp():
            return True  # a dict's or a set's own `update`
    return False


def has_markup_off(call: ast.Call) -> bool:
    return any(
        given.arg == "markup" and isinstance(given.value, ast.Constant) and given.value.value is False
        for given in call.keywords
    )


def shown_by(call: ast.Call, bases: frozenset[str]) -> list[ast.expr]:
    """The arguments of a call that Textual would read as markup; `bases` are those of the class it stands in."""
    name = name_of(call.func)
    is_parent = (
        name == "__init__"
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Call)
        and name_of(call.func.value.func) == "super"
        and bool(bases & WIDGETS)
    )
    if not (name in WIDGETS or is_parent or (name in METHODS and isinstance(call.func, ast.Attribute))):
        return []
    if has_markup_off(call):
        return []
    named = [given.value for given in call.keywords if given.arg in {"content", "title", "label", "prompt", "message"}]
    first = call.args if name.startswith("add_") or name in {"OptionList", "Tabs"} else call.args[:1]
    return [*first, *named]


def names_of_ours(tree: ast.Module) -> frozenset[str]:
    """What the module takes from our own modules: an `Option` of ours is none of Textual's."""
    return frozenset(
        name.asname or name.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("callcenter.")
        for name in node.names
    )


def markup_faults(source: str, makers: frozenset[str] = frozenset()) -> Iterator[int]:
    """The lines where text that is not ours could be read as markup."""
    tree = ast.parse(source)
    ours = names_of_ours(tree)

    def visit(node: ast.AST, bases: frozenset[str], names: set[str]) -> Iterator[int]:
        if isinstance(node, ast.ClassDef):
            bases = frozenset(map(name_of, node.bases))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = safe_names(node, makers)
        elif isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in ours):
            if any(not is_safe(shown, makers, names) for shown in shown_by(node, bases)):
                yield node.lineno
        elif isinstance(node, ast.Assign):
            titled = any(isinstance(target, ast.Attribute) and target.attr in TITLES for target in node.targets)
            if titled and not is_safe(node.value, makers, names):
                yield node.lineno
        for child in ast.iter_child_nodes(node):
            yield from visit(child, bases, names)

    yield from visit(tree, frozenset(), set())


def is_constant(node: ast.expr) -> bool:
    """Whether this is a text of the module's own, by its name in capitals: SQL that several statements share."""
    if isinstance(node, ast.FormattedValue):
        return is_constant(node.value)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.lstrip("_").isupper())


def sql_faults(source: str) -> Iterator[int]:
    """The lines where an SQL statement is put together from values."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.JoinedStr(values=values) if all(map(is_constant, values)):
                continue
            case ast.BinOp(op=ast.Add(), right=right) if is_constant(right):
                continue
            case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
                statement = text
            case ast.BinOp(op=ast.Mod() | ast.Add(), left=ast.Constant(value=str(text))):
                statement = text
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
                statement = text
            case _:
                continue
        if SQL.match(statement):
            yield node.lineno


def sources(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


MAKERS = makers_of_content([ast.parse(path.read_text(encoding="utf-8")) for path in sources(CONSOLE)])


@pytest.mark.parametrize("path", sources(CONSOLE), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_console_shows_no_text_as_markup(path: Path) -> None:
    assert list(markup_faults(path.read_text(encoding="utf-8"), MAKERS)) == []


@pytest.mark.parametrize("path", sources(PACKAGE), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_statement_is_put_together(path: Path) -> None:
    assert list(sql_faults(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "line",
    [
        "Static(f'{name}')",
        "Static(name)",
        "Static('이름 ' + name)",
        "Label(child.name)",
        "Label(renderable := name)",
        "Button(label=name)",
        "Option(str(row))",
        "OptionList('문의', name)",
        "Checkbox(_('Call {name}').format(name=name))",
        "Static(_('안내') if quiet else name)",
        "widgets.Static(name)",
        "self.notify(name)",
        "self.notify(str(error), markup=True)",
        "self.notify('x', title=name)",
        "self.query_one(Static).update(f'{count}')",
        "table.add_row(cell(name), name)",
        "table.add_columns(*names)",
        "tree.root.add_leaf(name)",
        "self.border_title = name",
        "widget.tooltip = f'{name}'",
        "Content.from_markup(name)",
    ],
)
def test_finds_markup(line: str) -> None:
    assert list(markup_faults(f"def show(self, name, names):\n    {line}\n")) == [2]


def test_finds_markup_in_a_parents_constructor_and_in_a_variable() -> None:
    widget = "class Name(Static):\n    def __init__(self, name):\n        super().__init__(name)\n"
    assert list(markup_faults(widget)) == [3]
    variable = "def show(name):\n    text = label(name)\n    text = name\n    Static(text)\n"
    assert list(markup_faults(variable)) == [4]


@pytest.mark.parametrize(
    "line",
    [
        "Static()",
        "Static('안내')",
        "Static(_('Guidance'))",
        "Static(label(name))",
        "Static(name, markup=False)",
        "Static(id='queue')",
        "Static(Content(name) if name else '')",
        "Static(content)",
        "Static(line_of(name))",
        "Input(name)",
        "self.notify(str(error), markup=False)",
        "self.update(Text.assemble(Text(name), ' '))",
        "known.update({name: 1})",
        "table.add_row(cell(name), Text(name))",
        "table.add_columns(*[cell(name) for name in names])",
        "self.border_title = label(name)",
        "self.label_name = name",
    ],
)
def test_passes_what_is_no_markup(line: str) -> None:
    source = f"def show(self, name, names, content: Content):\n    {line}\n"
    assert list(markup_faults(source, frozenset({"line_of"}))) == []


def test_a_function_that_returns_content_makes_it() -> None:
    assert makers_of_content(
        [ast.parse("def a() -> Content: ...\ndef b() -> str: ...\ndef c() -> rich.Text: ...")]
    ) == {
        "a",
        "c",
    }


@pytest.mark.parametrize(
    ("expression", "faulty"),
    [
        ("f'SELECT * FROM request WHERE id = {id}'", True),
        ("f'insert into {table} values (1)'", True),
        ("'DELETE FROM request WHERE id = %s' % id", True),
        ("'UPDATE request SET state = ' + state", True),
        ("'SELECT {}  FROM request'.format(column)", True),
        ("'SELECT * FROM request WHERE id = ?'", False),
        ("f'Selected {count} rows'", False),
        ("f'PRAGMA user_version={version}'", False),
        ("f'SELECT id FROM offer WHERE {_OPEN}'", False),
        ("f'SELECT id FROM offer WHERE {_OPEN} AND id = {offer}'", True),
        ("f'{name}: select one'", False),
        ("'Update of ' + name", False),
    ],
)
def test_finds_statements_put_together(expression: str, faulty: bool) -> None:
    assert bool(list(sql_faults(f"x = {expression}\n"))) is faulty
