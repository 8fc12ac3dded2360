"""One line of intake, as it is typed while the caller talks."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from callcenter.care.calendar import SEOUL
from callcenter.reference import data_folder, load
from callcenter.text.hangul import to_keys
from callcenter.text.intake_line import Value, Word, chosen, read_line, without_refused
from callcenter.text.lexicon import lexicon
from callcenter.text.sanitize import clean
from callcenter.text.spoken_ages import written_children
from callcenter.text.spoken_times import Span
from callcenter.text.written_line import written

NOW = datetime(2026, 11, 24, 17, 40, tzinfo=SEOUL)
"""A Tuesday."""
REFERENCE = load(data_folder())
LEXICON = lexicon(REFERENCE.intake_words, REFERENCE.areas)

# What was understood, in short: `kind:value`, several meanings behind «?». Times are month, day and clock.
CASES = [
    # Regions
    ("수원", "region:41110"),
    ("수원시", "region:41110"),
    ("수원시 영통구", "region:41110 region:41110(영통구)"),
    ("ㅅㅇ", "region:41110"),
    ("tndnjs", "region:41110"),
    ("TNDNJS", "region:41110"),
    ("Suwon", "region:41110"),
    ("수원에서요", "region:41110"),
    ("의정부", "region:41150"),
    ("ㅇㅈㅂ", "region:41150"),
    ("ㅇㅈ", "region?41630|41670"),
    ("가평군이요", "region:41820"),
    ("수원역", "note:수원역"),
    ("수", "note:수"),
    ("북수원", "note:북수원"),
    ("수원,안양", "region:41110 region:41170"),
    ("경산 119", "region:47290 note:119"),
    # Areas: a gu or a quarter stands for its region, unless it lies in two or is another word as well
    ("분당", "region:41130(분당)"),
    ("분당구에서요", "region:41130(분당구에서요)"),
    ("qnsekd", "region:41130(분당)"),
    ("Bundang-gu", "region:41130(분당구)"),
    ("Suwon-si", "region:41110"),
    ("화성 동탄2신도시 4세", "region:41590 region:41590(동탄2신도시) child:4세"),
    ("동탄3동", "region:41590(동탄3동)"),
    ("병점구", "region:41590(병점구)"),
    ("분당8세", "region:41130(분당) child:8세"),
    ("분당구청 근처", "note:분당구청 근처"),
    ("영통역", "note:영통역"),
    ("수정해주세요", "note:수정해주세요"),
    ("인계 받음", "note:인계 받음"),
    ("광교", "region?41110|41460|광교"),
    ("광교 용인", "region:41460(광교) region:41460"),
    ("탄현", "region?41280|41480|탄현"),
    ("수지 8세", "region?41460|수지 child:8세"),
    ("용인 수지 8세", "region:41460 region:41460(수지) child:8세"),
    ("수원인데요", "region:41110"),
    ("하남쪽이요", "region:41450"),
    ("전라도 광주인데요", "note:전라도 note:광주인데요"),
    # Children
    ("14개월", "child:14개월"),
    ("생후 14개월", "child:14개월"),
    ("생후14 개월이에요", "child:14개월"),
    ("다섯 살", "child:5세"),
    ("다섯살", "child:5세"),
    ("열두 살", "child:12세"),
    ("8세", "child:8세"),
    ("8살", "child:8세"),
    ("만 8세", "child:8세"),
    ("만8세입니다", "child:8세"),
    ("8세초2", "child:8세초2"),
    ("8세 초2", "child:8세초2"),
    ("8세(초2)", "child:8세초2"),
    ("초2 8세", "child:8세초2"),
    ("초2(8세)", "child:8세초2"),
    ("초2", "child:초2"),
    ("초등2", "child:초2"),
    ("초등학교 2학년", "child:초2"),
    ("초등 2학년이요", "child:초2"),
    ("중1", "child:중1"),
    ("중학교 1학년", "child:중1"),
    ("2학년", "child?초2|중2"),
    ("5학년", "child:초5"),
    ("8살 2학년", "child:8세초2"),
    ("14세 2학년", "child:14세중2"),
    ("초7", "note:초7"),
    ("중4", "note:중4"),
    ("2019년생", "child:2019년생"),
    ("19년생", "child:2019년생"),
    ("2018년생 초2", "child:2018년생초2"),
    ("190301", "child:2019-03-01생"),
    ("20190301", "child:2019-03-01생"),
    ("2019-03-01", "child:2019-03-01생"),
    ("2019.3.1", "child:2019-03-01생"),
    ("19/3/1", "child:2019-03-01생"),
    ("190301생", "child:2019-03-01생"),
    ("190231", "note:190231"),
    ("261125", "note:261125"),
    ("050101", "note:050101"),
    ("5세유치원", "child:5세유치원"),
    ("5세 유치원생", "child:5세유치원"),
    ("7세 미취학", "child:7세미취학"),
    ("7세 어린이집", "child:7세미취학"),
    ("8세초2+14개월", "child:8세초2 child:14개월"),
    ("8세 + 5세", "child:8세 child:5세"),
    ("8세,5세", "child:8세 child:5세"),
    ("8세 5세", "child:8세 child:5세"),
    ("5세 초2", "child:5세 child:초2"),
    ("14개월 초2", "child:14개월 child:초2"),
    ("3살 2개월", "child?38개월|3세+2개월"),
    ("8세 14개월", "child:8세 child:14개월"),
    ("8살3살", "child:8세 child:3세"),
    ("8살14개월", "child:8세 child:14개월"),
    ("8세20-23", "note:8세20-23"),
    ("8살이랑 3살이요", "child:8세 child:3세"),
    ("7세하고 14개월", "child:7세 child:14개월"),
    ("다섯 살짜리", "child:5세"),
    ("8살짜리 3살짜리요", "child:8세 child:3세"),
    ("8살인데요", "child:8세"),
    ("39세", "note:39세"),
    ("18세", "note:18세"),
    ("300개월", "note:300개월"),
    ("동네 살아요", "note:동네 살아요"),
    ("기초2", "note:기초2"),
    ("8", "note:8"),
    # Children: limits are none, and who is told again behind 아니 is only the one told last
    ("24개월 미만", "note:24개월 미만"),
    ("12세 이하", "note:12세 이하"),
    ("두 돌", "child:2세"),
    ("네살배기", "child:4세"),
    ("8세초2오늘 20-23", "child:8세초2 time:1124.2000-1124.2300"),
    ("8,5살", "child:8세+5세"),
    ("5랑 8살", "child:5세+8세"),
    ("8 and 5 years old", "child:8세+5세"),
    ("8 and 14 months", "note:8 and child:14개월"),
    ("9-12, 8살", "time:1125.0900-1125.1200 child:8세"),
    ("초1,3", "child:초1+초3"),
    ("초1,20-23", "child:초1 time:1124.2000-1124.2300"),
    ("초1, 3시부터 5시", "child:초1 time?1125.0300-1125.0500|1125.1500-1125.1700"),
    ("만 7세 8살", "child?7세|7세+8세"),
    ("8살 만5세", "child:8세 child:5세"),
    ("우리나이 7살", "child:2020년생"),
    ("한국나이로 여섯 살", "child:2021년생"),
    ("2019년 3월 1일생", "child:2019-03-01생"),
    ("8살 아니 9살", "note:8살 아니 child:9세"),
    ("8살 5살 아니 6살", "child:8세 note:5살 아니 child:6세"),
    # Children: several at once
    ("쌍둥이 5살", "child:5세+5세"),
    ("14개월쌍둥이", "child:14개월+14개월"),
    ("5세 쌍둥이", "child:5세+5세"),
    ("세쌍둥이 4살", "child:4세+4세+4세"),
    ("쌍둥이(5살)", "child:5세+5세"),
    ("초2 쌍둥이요", "child:초2+초2"),
    ("2학년 쌍둥이", "child?초2+초2|중2+중2"),
    ("5살 쌍둥이랑 8살", "child:5세+5세 child:8세"),
    ("8살,쌍둥이 3살", "child:8세 child:3세+3세"),
    ("쌍둥이 5살 3살", "child:5세+5세 child:3세"),
    ("5살 쌍둥이 3살", "child?5세+5세+3세|5세+3세+3세"),
    ("5살 쌍둥이 중 한명만", "child:5세 note:쌍둥이 중 한명만"),
    ("쌍둥이", "note:쌍둥이"),
    ("5살 두 명", "child:5세+5세"),
    ("8살 5살 두명", "child:8세 child:5세 note:두명"),
    # Children in English
    ("8yo", "child:8세"),
    ("8-year-old", "child:8세"),
    ("8 years", "note:8 years"),
    ("14 months old", "child:14개월"),
    ("6 months pregnant", "note:6 months pregnant"),
    ("born 2019", "child:2019년생"),
    ("8yo grade 2", "child:8세초2"),
    ("1st grader", "child:초1"),
    ("2 kids 8 and 5", "child:8세+5세"),
    ("two kids (8, 5)", "child:8세+5세"),
    ("3 kids 8, 5 and 14 months", "child:8세+5세+14개월"),
    ("2 kids 8", "note:2 kids 8"),
    ("son 8, daughter 5", "child:8세 child:5세"),
    ("son 8 grade 2", "note:son 8 child:초2"),
    ("5yo twins", "child:5세+5세"),
    ("twins aged 5", "child:5세+5세"),
    ("ages 3 to 5", "note:ages 3 to 5"),
    ("kids 8 & 5 20-23", "child:8세+5세 time:1124.2000-1124.2300"),
    ("kids 2", "note:kids 2"),
    ("kids 2, 8yo and 5yo", "note:kids 2, child:8세 note:and child:5세"),
    ("kids are 9 and 11", "child:9세+11세"),
    ("my daughter is 6 and my son is 3", "note:my child:6세 note:and my child:3세"),
    ("kids 8-11pm", "note:kids time:1124.2000-1124.2300"),
    ("2 kids 8pm to 11pm", "note:2 kids time:1124.2000-1124.2300"),
    ("my son 8 to 11", "note:my son time:1124.2000-1124.2300"),
    # Times
    ("20-23", "time:1124.2000-1124.2300"),
    ("오늘 20-23", "time:1124.2000-1124.2300"),
    ("오늘20-23", "time:1124.2000-1124.2300"),
    ("오늘 저녁 8시부터 11시", "time:1124.2000-1124.2300"),
    ("오늘 저녁 8시부터 11시까지요", "time:1124.2000-1124.2300"),
    ("오늘저녁 8시~11시반", "time:1124.2000-1124.2330"),
    ("저녁 여덟 시부터 열한 시까지", "time:1124.2000-1124.2300"),
    ("내일 새벽 6시", "time:1125.0600-"),
    ("내일 새벽 6시에", "time:1125.0600-"),
    ("내일 새벽 6시부터 오전 9시", "time:1125.0600-1125.0900"),
    ("모레 19-22", "time:1126.1900-1126.2200"),
    ("글피 19-22", "time:1127.1900-1127.2200"),
    ("토 7시~10시", "time?1128.0700-1128.1000|1128.1900-1128.2200"),
    ("토요일 오전 7시~10시", "time:1128.0700-1128.1000"),
    ("토 07시~10시", "time:1128.0700-1128.1000"),
    ("토 7-10", "time:1128.0700-1128.1000"),
    ("화 20-23", "time?1124.2000-1124.2300|1201.2000-1201.2300"),
    ("화 9-12", "time:1201.0900-1201.1200"),
    ("이번주 금요일 18-21", "time:1127.1800-1127.2100"),
    ("다음 주 월요일 18-21", "time:1130.1800-1130.2100"),
    ("담주 월 18-21", "time:1130.1800-1130.2100"),
    ("24시", "time:1125.0000-"),
    ("20시-24시", "time:1124.2000-1125.0000"),
    ("20시부터 자정까지", "time:1124.2000-1125.0000"),
    ("오늘 자정부터 2시", "time:1125.0000-1125.0200"),
    ("내일 자정부터 2시", "time?1125.0000-1125.0200|1126.0000-1126.0200"),
    ("내일 정오부터 3시", "time:1125.1200-1125.1500"),
    ("11/26 16-19", "time:1126.1600-1126.1900"),
    ("11.26 16-19", "time:1126.1600-1126.1900"),
    ("11월 26일 16시~19시", "time:1126.1600-1126.1900"),
    ("26일 16-19", "time:1126.1600-1126.1900"),
    ("2026-11-26 16-19", "time:1126.1600-1126.1900"),
    ("8시부터 11시", "time:1124.2000-1124.2300"),
    ("내일 8시부터 11시", "time?1125.0800-1125.1100|1125.2000-1125.2300"),
    ("내일 7-10시", "time?1125.0700-1125.1000|1125.1900-1125.2200"),
    ("내일 7시부터 밤 10시", "time?1125.0700-1125.2200|1125.1900-1125.2200"),
    ("내일 9시부터 18시", "time?1125.0900-1125.1800|1125.2100-1126.1800"),
    ("오늘 밤 12시", "time:1125.0000-"),
    ("내일 낮 12시부터 2시", "time:1125.1200-1125.1400"),
    ("오늘 밤 10시부터 새벽 2시", "time:1124.2200-1125.0200"),
    ("오늘 밤 1시", "time:1125.0100-"),
    ("오늘 22-06", "time:1124.2200-1125.0600"),
    ("오늘 20:30-23:15", "time:1124.2030-1124.2315"),
    ("오늘 저녁 8:30~10:30", "time:1124.2030-1124.2230"),
    ("저녁 8시부터 3시간", "time:1124.2000-1124.2300"),
    ("저녁 8시부터 2시간 반", "time:1124.2000-1124.2230"),
    ("22시-내일 6시", "time?1124.2200-1125.0600|1124.2200-1125.1800"),
    ("11시까지", "note:11시까지"),
    ("8시 이후", "note:8시 이후"),
    ("내일 수원 20-23", "day:1125 region:41110 time:1125.2000-1125.2300"),
    ("20-23 내일", "time:1125.2000-1125.2300 day:1125"),
    ("+낼 1시부터", "time?1125.0100-|1125.1300-"),
    ("낼;1시부터", "day:1125 time?1125.0100-|1125.1300-"),
    ("오늘", "day:1124"),
    ("화요일", "day?1124|1201"),
    ("25시", "note:25시"),
    ("25-26", "note:25-26"),
    ("2/30 20-23", "note:2/30 20-23"),
    ("어제 20-23", "note:어제 20-23"),
    ("생일 8세", "note:생일 child:8세"),
    # Without a day it is today, unless all of that is over by now
    ("새벽 6시부터 8시까지", "time:1125.0600-1125.0800"),
    ("6-9", "time:1125.0600-1125.0900"),
    ("오전 9시~11시", "time:1125.0900-1125.1100"),
    ("오늘 6-9", "time:1124.0600-1124.0900"),
    ("16-19", "time:1124.1600-1124.1900"),
    ("15-17:40", "time:1125.1500-1125.1740"),
    ("새벽 6시에", "time:1125.0600-"),
    ("오늘 8시쯤부터 10시쯤까지", "time:1124.2000-1124.2200"),
    ("저녁 8시정도부터 11시", "time:1124.2000-1124.2300"),
    ("아침 일찍 6시부터 9시", "time:1125.0600-1125.0900"),
    ("오늘 5시30-8시30", "time:1124.1730-1124.2030"),
    # Two numbers that end before they begin: in the afternoon, or on the next day
    ("내일 9-6", "time?1125.0900-1125.1800|1125.0900-1126.0600"),
    ("22-6", "time:1124.2200-1125.0600"),
    ("10:00-6:00", "time:1124.1000-1125.0600"),
    # What has begun today, and what is over today and can be meant for tomorrow
    ("3시부터 7시", "time?1124.1500-1124.1900|1125.0300-1125.0700"),
    ("오늘 3시부터 7시", "time:1124.1500-1124.1900"),
    ("4시반부터 8시", "time?1124.1630-1124.2000|1125.0430-1125.0800"),
    # Typed with Hangul off
    ("tndnjs 8tp ch2 20-23 dirms", "region:41110 child:8세초2 time:1124.2000-1124.2300 reason:overtime"),
    ("14rodnjf 5tkf", "child:14개월 child:5세"),
    ("sodlf 8tlqnxj 11tlRkwl", "day:1125 time?1125.0800-1125.1100|1125.2000-1125.2300"),
    ("wjsur 8tlqnxj 11tl", "time:1124.2000-1124.2300"),
    ("ch2 wifi", "child:초2 note:wifi"),
    # From now on
    ("지금부터 11시까지", "time:1124.1740-1124.2300"),
    ("지금부터 밤 11시", "time:1124.1740-1124.2300"),
    ("지금부터3시간", "time:1124.1740-1124.2040"),
    ("지금부터 6시까지", "time?1124.1740-1124.1800|1124.1740-1125.0600"),
    ("지금부터", "time:1124.1740-"),
    ("지금부터 오늘 5시까지", "time:1124.1740- day:1124 note:5시까지"),
    ("지금부터 0시간", "time:1124.1740- note:0시간"),
    ("지금 20-23", "note:지금 time:1124.2000-1124.2300"),
    # Days by other names, and those that cannot be counted: their times are on no day that is known
    ("토욜 9-13", "time:1128.0900-1128.1300"),
    ("토요일날 9-12", "time:1128.0900-1128.1200"),
    ("주말 9-18", "time?1128.0900-1128.1800|1129.0900-1129.1800"),
    ("내일모레 9-12", "time:1126.0900-1126.1200"),
    ("낼모레", "day:1126"),
    ("다다음주 월 9-12", "time:1207.0900-1207.1200"),
    ("크리스마스 이브 18-22", "time:1224.1800-1224.2200"),
    ("성탄절 9-18", "time:1225.0900-1225.1800"),
    ("어린이날", "day:0505"),
    ("화 9-12, 목 9-12", "time:1201.0900-1201.1200 time:1126.0900-1126.1200"),
    ("내일 모레 9-12", "time:1126.0900-1126.1200"),
    ("오늘 내일 20-22", "day:1124 day:1125 note:20-22"),
    ("내일 수요일 9-12", "day:1125 time:1125.0900-1125.1200"),
    ("26일 목요일 9-12", "note:26일 time:1126.0900-1126.1200"),
    ("26일 금요일 9-12", "note:26일 day:1127 note:9-12"),
    ("토요일 일요일 9-18", "day:1128 day:1129 note:9-18"),
    ("연휴 11/26 9-18", "note:연휴 time:1126.0900-1126.1800"),
    ("추석에 9-18", "note:추석에 9-18"),
    ("설 당일 9-18", "note:설 당일 9-18"),
    ("매일 18-20", "note:매일 18-20"),
    ("평일 18-20", "note:평일 18-20"),
    ("월수금 18-20", "note:월수금 18-20"),
    ("월~금 9-18", "note:월~금 9-18"),
    ("내일,모레 9-18", "day:1125 day:1126 note:9-18"),
    ("26,27일 9-18", "note:26,27일 9-18"),
    ("26~28일 9-18", "note:26~28일 9-18"),
    ("11/26~28 9-18", "note:11/26~28 9-18"),
    ("모레부터 3일간 9-18", "note:모레부터 3일간 9-18"),
    ("다음주 18-20", "note:다음주 18-20"),
    ("다음달 3일 9-12", "note:다음달 3일 9-12"),
    ("지난주 토 9-12", "note:지난주 토 9-12"),
    ("주말근무 9-18", "reason:overtime note:9-18"),
    # Times in English
    ("from now till 11pm", "time:1124.1740-1124.2300"),
    ("8pm to 11pm", "time:1124.2000-1124.2300"),
    ("8-11pm", "time:1124.2000-1124.2300"),
    ("8:30-11 p.m.", "time:1124.2030-1124.2300"),
    ("11-2pm", "time:1125.1100-1125.1400"),
    ("10pm to 6am", "time:1124.2200-1125.0600"),
    ("tonight 8 to 11", "time:1124.2000-1124.2300"),
    ("tonight 1am", "time:1125.0100-"),
    ("tomorrow 8 to 11", "time?1125.0800-1125.1100|1125.2000-1125.2300"),
    ("tomorrow morning 7 to 9", "time:1125.0700-1125.0900"),
    ("tomorrow 12pm to 2pm", "time:1125.1200-1125.1400"),
    ("8pm to midnight", "time:1124.2000-1125.0000"),
    ("Sat 7-10am", "time:1128.0700-1128.1000"),
    ("on Saturday 9am to 1pm", "note:on time:1128.0900-1128.1300"),
    ("this Friday 6pm to 9", "time:1127.1800-1127.2100"),
    ("next Monday 9-12", "time?1130.0900-1130.1200|1207.0900-1207.1200"),
    ("Dec 25 9am-6pm", "time:1225.0900-1225.1800"),
    ("day after tomorrow 9-12", "time:1126.0900-1126.1200"),
    ("8pm for 3 hours", "time:1124.2000-1124.2300"),
    ("8 for 11", "note:8 for 11"),
    ("until 11pm", "note:until 11pm"),
    ("every Monday 6-8pm", "note:every day:1130 note:6-8pm"),
    ("weekdays 6-8pm", "note:weekdays 6-8pm"),
    # Codes
    ("야근", "reason:overtime"),
    ("야근이라서", "reason:overtime"),
    ("야근 때문에", "reason:overtime note:때문에"),
    ("갑작스러운 병원 진료", "reason:hospital"),
    ("휴원해서", "reason:closure"),
    ("dirms", "reason:overtime"),
    ("야근자", "note:야근자"),
    ("알레르기", "need:allergy"),
    ("땅콩알레르기", "need:allergy"),
    ("땅콩알레르기 있어요", "need:allergy"),
    ("땅콩 알레르기", "need:allergy"),
    ("알레르기 없음", "note:알레르기 없음"),
    ("알레르기는 없어요", "note:알레르기는 없어요"),
    ("열이 나요", "symptom:fever"),
    ("열 없음", "note:열 없음"),
    ("열은 안나요", "note:열은 안나요"),
    ("열심히", "note:열심히"),
    ("열안나0세", "note:열안나 child:0세"),
    ("구토 설사", "symptom:vomiting symptom:diarrhoea"),
    ("의식 없음", "symptom:unconscious"),
    ("엄마", "relation:mother"),
    ("엄마예요", "relation:mother"),
    ("엄마가 입원", "note:엄마가 입원"),
    ("외할머니", "relation:grandparent"),
    ("할머니", "relation:grandparent"),
    ("할아버지예요", "relation:grandparent"),
    ("이모", "relation:guardian"),
    ("이모님", "relation:guardian"),
    ("고모예요", "relation:guardian"),
    ("고모부", "relation:guardian"),
    ("삼촌이요", "relation:guardian"),
    ("외삼촌 김지영", "relation:guardian guardian:김지영"),
    ("큰아버지인데요", "relation:guardian"),
    ("이모네", "note:이모네"),
    ("미열 있음", "symptom:fever"),
    ("미열은 없어요", "note:미열은 없어요"),
    ("우유 알레르기는 없고 땅콩 알러지 있어요", "note:우유 알레르기는 없고 need:allergy"),
    ("열은 어제까지 났어요", "note:열은 어제까지 note:났어요"),
    ("수족구 나은지 3일", "note:수족구 나은지 note:3일"),
    ("peanut allergy", "need:allergy"),
    ("no known allergies", "note:no known allergies"),
    ("no fever but cough", "note:no fever note:but symptom:cough"),
    ("fever none", "note:fever none"),
    # Where somebody works, and who is ill, is not where they live and who calls
    ("안양 살아요 직장은 수원", "region:41170 note:살아요 직장은 note:수원"),
    ("수원에서 근무해서 부천 7살", "note:수원에서 reason:work_hours region:41190 child:7세"),
    ("works in Suwon, lives in Anyang", "note:works in note:Suwon note:, lives in region:41170"),
    ("안양 8세 수원 출장", "region:41170 child:8세 note:수원 reason:trip"),
    ("수원 출장 8세", "region:41110 reason:trip child:8세"),
    ("외할머니 댁이 안양", "note:외할머니 note:댁이 note:안양"),
    ("서울 강서구 사는데 김포", "note:서울 강서구 사는데 region:41570"),
    ("엄마 아빠 둘다 야근", "note:엄마 note:아빠 note:둘다 reason:overtime"),
    ("mom and dad both work", "note:mom note:and note:dad note:both work"),
    ("mother-in-law", "note:mother note:-in-law"),
    ("works at a hospital", "note:works at a note:hospital"),
    ("병원에서 근무", "note:병원에서 reason:work_hours"),
    ("회사 야근", "note:회사 reason:overtime"),
    ("엄마 입원 8세", "note:엄마 note:입원 child:8세"),
    ("할머니 엄마 야근 8세", "relation:grandparent note:엄마 reason:overtime child:8세"),
    ("엄마 야근 8세", "relation:mother reason:overtime child:8세"),
    ("mom is in hospital", "note:mom note:is in reason:hospital"),
    ("급함", "urgency:urgent"),
    ("지금 바로", "urgency:urgent"),
    # Numbers
    ("010-2345-6789", "phone:010-2345-6789"),
    ("01023456789", "phone:010-2345-6789"),
    ("010 2345 6789", "phone:010-2345-6789"),
    ("+82 10-2345-6789", "phone:010-2345-6789"),
    ("031-511-7795 수원", "phone:031-511-7795 region:41110"),
    ("02-2100-3399", "phone:02-2100-3399"),
    ("1588-1234", "phone:1588-1234"),
    ("발신번호표시제한", "phone:발신번호표시제한"),
    ("010-2345-6789#12", "phone:010-2345-6789 #12"),
    ("010-2345", "note:010-2345"),
    ("010-2345-678", "note:010-2345-678"),
    ("010-2345-6789 20-23", "phone:010-2345-6789 time:1124.2000-1124.2300"),
    # Names
    ("보호자 김지영", "guardian:김지영"),
    ("김지영님", "guardian:김지영"),
    ("아이 김하늘", "child_name:김하늘"),
    ("아이:김하늘", "child_name:김하늘"),
    ('보호자:"Nguyen Thi"', "guardian:Nguyen Thi"),
    ("엄마 김지영", "relation:mother guardian:김지영"),
    ("김지영 010-2345-6789", "guardian:김지영 phone:010-2345-6789"),
    ("김지영", "name?김지영|김지영|김지영"),
    ("김지영 8세", "name?김지영|김지영|김지영 child:8세"),
    ("남궁민수 010-2345-6789", "guardian:남궁민수 phone:010-2345-6789"),
    ("이후로 010-2345-6789", "note:이후로 phone:010-2345-6789"),
    ("보호자 이영희 연락처 010-0000-9999", "guardian:이영희 note:연락처 phone:010-0000-9999"),
    ("원장님 010-0000-9999", "note:원장님 phone:010-0000-9999"),
    ("손녀가 8살", "note:손녀가 child:8세"),
    ("보호자 입원", "note:보호자 note:입원"),
    ("방문형", "note:방문형"),
    ("현관문 열어두기", "note:현관문 열어두기"),
    ("남동생 여동생", "note:남동생 여동생"),
    ("유치원생", "note:유치원생"),
    # Refused
    ("900101-1234567", "refused"),
    ("9001011234567", "refused"),
    ("900101 1234567", "refused"),
    ("900101 - 1234567", "refused"),
    ("９００１０１－１２３４５６７", "refused"),
    ("190301-3", "refused"),
    ("190301-3******", "refused"),
    ("수원900101-1234567님", "region:41110 refused note:님"),
    ('"900101-1234567"', 'note:" refused note:"'),
    ("보호자:900101-1234567", "relation:guardian note:: refused"),
    ("8613812345678", "refused"),
    # Notes, and everything together
    ("", ""),
    ("   ", ""),
    ("+", "note:+"),
    ("8세 +", "child:8세"),
    ("조금 늦을 수 있음", "note:조금 늦을 수 있음"),
    ('"수원 20-23"', "note:수원 20-23"),
    ('"그는 ""네"" 라고"', 'note:그는 "네" 라고'),
    ('""', 'note:""'),
    ('"수원', 'note:" region:41110'),
    (
        "수원 8세초2+14개월 오늘 20-23 야근 땅콩알레르기 010-2345-6789 김지영",
        "region:41110 child:8세초2 child:14개월 time:1124.2000-1124.2300 reason:overtime need:allergy "
        "phone:010-2345-6789 guardian:김지영",
    ),
    (
        "2 kids 8 and 5, peanut allergy, from now till 11pm, Bundang",
        "child:8세+5세 need:allergy time:1124.1740-1124.2300 region:41130(분당)",
    ),
    (
        "김지영 010-2345-6789 야근 오늘 20-23 14개월 수원 현관 비번 있음",
        "guardian:김지영 phone:010-2345-6789 reason:overtime time:1124.2000-1124.2300 child:14개월 region:41110 "
        "note:현관 비번 있음",
    ),
]


def short(value: Value) -> str:
    if isinstance(value, Span):
        return f"{value.start:%m%d.%H%M}-" + (f"{value.end:%m%d.%H%M}" if value.end else "")
    if isinstance(value, date):
        return f"{value:%m%d}"
    return written_children(value) if isinstance(value, tuple) else str(value)


def understood(line: str, now: datetime = NOW) -> str:
    said = []
    for word in read_line(line, LEXICON, now):
        if word.choices:
            said.append(f"{word.kind}?" + "|".join(short(choice.value) for choice in word.choices))
        else:
            area = f"({word.area.strip()})" if word.area else ""
            said.append(word.kind if word.value is None else f"{word.kind}:{short(word.value)}{area}")
    return " ".join(said)


def meaning(words: tuple[Word, ...]) -> list[tuple[object, ...]]:
    """Kinds, values and choices; neighbouring notes are one, and several children are several words."""
    found: list[tuple[object, ...]] = []
    for word in words:
        if word.kind == "refused":
            continue
        if word.kind == "note" and found and found[-1][0] == "note":
            found[-1] = ("note", f"{found[-1][1]} {word.value}")
        elif isinstance(word.value, tuple):
            found += [(word.kind, child) for child in word.value]
        else:
            found.append((word.kind, word.value, word.choices) if word.kind != "note" else ("note", word.value))
    return found


@pytest.mark.parametrize(("line", "expected"), CASES)
def test_each_word_is_what_it_says_or_a_note(line: str, expected: str) -> None:
    assert understood(line) == expected


def test_there_are_enough_cases_and_each_once() -> None:
    assert len({line for line, _expected in CASES}) == len(CASES) >= 150


WORDS = st.sampled_from(
    [word for line, _expected in CASES for word in (line, *line.split())] + ["+", ",", '"', "-", "\0", "\x1c", "　"]
)
LINES = st.one_of(st.lists(WORDS, max_size=7).map(" ".join), st.lists(WORDS, max_size=4).map("".join), st.text())


@settings(max_examples=400)
@given(LINES, st.integers(0, 60 * 24 * 800))
def test_nothing_typed_crashes_it_or_disappears(line: str, minutes: int) -> None:
    at = 0
    for word in read_line(line, LEXICON, NOW + timedelta(minutes=minutes)):
        assert not line[at : word.start].strip()
        assert word.start < word.end
        assert word.kind == "refused" or word.text == line[word.start : word.end]
        assert len(word.text) == word.end - word.start
        at = word.end
    assert not line[at:].strip()


@settings(max_examples=400)
@example("7시~10시 1588-1234", 0)
@example("5yo twins son 8, daughter 5", 0)
@example("수원 출장 8세, 8세, 광교 용인, 20-23", 0)
@example("19년생26,27일저녁 8시부터 2시간 반내일 정오부터 3시", 1069283)
@example("7시~10시5분 1588-1234", 0)
@example("8시부터 20시부터", 141)
@given(LINES, st.integers(0, 60 * 24 * 800))
def test_what_is_written_is_read_back(line: str, minutes: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    words = read_line(clean(line), LEXICON, now)
    assert meaning(read_line(written(words), LEXICON, now)) == meaning(words)


@pytest.mark.parametrize("line", [line for line, expected in CASES if "?" in expected])
def test_taking_a_choice_leaves_nothing_to_ask(line: str) -> None:
    asked = next(word for word in read_line(line, LEXICON, NOW) if word.choices)
    for choice in asked.choices:
        words = read_line(chosen(line, asked, choice), LEXICON, NOW)
        values = [short(word.value) for word in words if word.kind in (choice.kind, "note") and not word.choices]
        assert not [word for word in words if word.choices]
        assert set(short(choice.value).split("+")) <= {one for value in values for one in value.split("+")}


SPOKEN = st.sampled_from(
    [
        "수원",
        "분당",
        "동탄",
        "8세",
        "14개월",
        "다섯 살",
        "초2",
        "2019년생",
        "오늘",
        "내일",
        "저녁 8시부터 11시까지",
        "야근",
        "미열",
    ]
)


@settings(max_examples=200)
@example(["내일", "저녁 8시부터 11시까지"])
@given(st.lists(SPOKEN, max_size=5, unique=True))
def test_hangul_off_is_read_as_hangul_on(parts: list[str]) -> None:
    def said(line: str) -> set[tuple[object, ...]]:
        return {(one.kind, one.value) for one in read_line(line, LEXICON, NOW) if one.kind not in ("day", "note")}

    line = ", ".join(parts)
    assert said(to_keys(line)) == said(line)


@settings(max_examples=300)
@given(
    st.text(max_size=8),
    st.from_regex(r"\A\d{6}[-－]?[1-8]\d{6}\Z"),
    st.text(max_size=8),
)
def test_nothing_of_a_resident_number_is_kept(before: str, number: str, after: str) -> None:
    line = f"{before} {number} {after}"
    words = read_line(line, LEXICON, NOW)
    kept = [word.text for word in words] + [str(word.value) for word in words] + [without_refused(line, words)]
    assert not any(number in one or number[-7:] in one for one in [*kept, written(words)])


def test_a_line_is_read_faster_than_it_is_typed() -> None:
    line = CASES[-1][0]
    began = datetime.now(tz=SEOUL)
    for end in range(len(line)):
        read_line(line[:end], LEXICON, NOW)
    assert (datetime.now(tz=SEOUL) - began) / len(line) < timedelta(milliseconds=16)
