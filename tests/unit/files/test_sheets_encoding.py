"""In which encoding a table is read: proof first, then what the bytes look like, and a person's word above all."""

from __future__ import annotations

import io
import random

import pytest

from eventsys.files.errors import SheetEncoding
from eventsys.files.sheets import ENCODINGS, is_proven, read_table
from eventsys.files.sheets.encoding import find_encoding

HEADER = "first_name,last_name,email,country,city,organisation\n"
# Encoding: given names, family names, cities.
PEOPLE = {
    "gb18030": ("小明 丽 伟 芳 强", "王 张 李 赵 陈", "上海 北京 广州 成都 深圳"),
    "cp950": ("小明 美麗 志偉 淑芬 家豪", "王 陳 林 黃 張", "臺北 高雄 臺中 臺南 新竹"),
    "cp932": ("太郎 花子 一郎 さくら ケンジ", "山田 佐藤 鈴木 高橋 渡辺", "横浜 大阪 東京 神戸 札幌"),
    "cp949": ("민준 서연 지훈 하은 도윤", "김 이 박 최 정", "서울 부산 대구 인천 광주"),
    "cp1251": ("Наталья Иван Ольга Сергей Анна", "Щербакова Петров Иванова Соколов Мороз", "Москва Казань Минск Киев София"),
    "cp1253": ("Αλέξανδρος Ελένη Γιώργος Μαρία Νίκος", "Παπαδόπουλος Νικολάου Δημητρίου Γεωργίου Ιωάννου", "Αθήνα Θεσσαλονίκη Πάτρα Λάρισα Βόλος"),
    "cp1255": ("יעל דוד משה רחל נועם", "כהן לוי מזרחי פרץ ביטון", "ירושלים חיפה אשדוד נתניה תל-אביב"),
    "cp1256": ("محمد فاطمة علي خديجة يوسف", "الفاسي الزهراء حسن العلوي بنعلي", "القاهرة الرباط عمان بيروت تونس"),
    "cp1252": ("José María Chloé Jürgen Søren", "Núñez Muñoz Lefèvre Großmann Kjær", "Bogotá Córdoba Málaga Köln Århus"),
}  # fmt: skip


def table(encoding: str, rows: int, seed: int = 0) -> bytes:
    """Write people of one script; most organisations are plain ASCII, as in real tables."""
    chance = random.Random(seed)
    first, last, cities = (words.split() for words in PEOPLE[encoding])
    lines = [
        f"{chance.choice(first)},{chance.choice(last)},p{number}@example.org,XX,{chance.choice(cities)},City Council\n"
        for number in range(rows)
    ]
    return (HEADER + "".join(lines)).encode(encoding)


@pytest.mark.parametrize("encoding", PEOPLE)
@pytest.mark.parametrize("rows", [10, 600])
def test_what_spreadsheets_write_around_the_world_is_told_apart(encoding: str, rows: int) -> None:
    for seed in range(3):
        content = table(encoding, rows, seed)
        read = read_table(content)
        assert read.encoding == encoding
        text = content.decode(encoding)
        assert [row.values["first_name"] for row in read.rows] == [
            line.partition(",")[0] for line in text.splitlines()[1:]
        ]


def test_western_tables_stay_western_however_short() -> None:
    """Most of what is brought: never taken for anything else over one accent."""
    words = [word for part in PEOPLE["cp1252"] for word in part.split()]
    words += "São João Conceição Peña Ibáñez Ñandú Métropole Alcaldía Gestão Besançon Zoë L’Hospitalet".split()
    for word in words:
        content = f"{HEADER}Ana,{word},a@example.org,ES,Madrid,City\n".encode("cp1252")
        assert read_table(content).encoding == "cp1252", word


def test_one_foreign_name_among_thousands_of_plain_lines_decides() -> None:
    plain = "Ana,Lopez,p@example.org,ES,Madrid,City\n" * 20_000
    foreign = "小明,王,w@example.org,CN,上海市,上海市人民政府\n伟,李,l@example.org,CN,广州,广州市外事办公室\n"
    content = (HEADER + plain + foreign).encode("gb18030")
    assert read_table(content).encoding == "gb18030"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_person_may_say_it(encoding: str) -> None:
    word = {"cp1250": "Łódź", "cp1254": "Şükrü", "utf-8": "Łódź"}.get(encoding)
    word = word or PEOPLE[encoding][0].split()[0]
    read = read_table(f"name\n{word}\n".encode(encoding), encoding)
    assert read.encoding == encoding
    assert [row.values["name"] for row in read.rows] == [word]


def test_a_mark_at_the_beginning_is_no_part_of_the_first_name() -> None:
    read = read_table("name\nŁódź\n".encode("utf-8-sig"), "utf-8")
    assert read.columns == ("name",)


def test_what_is_not_written_in_the_chosen_encoding_is_refused() -> None:
    with pytest.raises(SheetEncoding) as refused:
        read_table("name\nJosé\n".encode("cp1252"), "utf-8")
    assert refused.value.facts == {"encoding": "utf-8"}


def test_only_unicode_proves_itself() -> None:
    assert [code for code in ENCODINGS if is_proven(code)] == ["utf-8"]
    assert is_proven("utf-16-le")


def test_the_file_is_at_its_beginning_afterwards() -> None:
    file = io.BytesIO(table("cp1251", 50))
    find_encoding(file)
    assert file.tell() == 0
