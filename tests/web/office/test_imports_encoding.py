"""The encoding of a table: said in the preview, and another one can be chosen before anything is stored."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from eventsys.core.i18n import LANGUAGES
from tests.factories.events import make_event
from tests.factories.tables import registered, table
from tests.web.office.test_imports import read, work_once

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Client, Page

POLISH = {"first_name": "Łukasz", "last_name": "Wójcik", "organisation": "Urząd Miasta Łodzi"}
CHINESE = {"first_name": "小明", "last_name": "王", "organisation": "上海市人民政府"}


def choose(staff: Client, shown: Page, encoding: str) -> Page:
    staff.submit(shown, {"encoding": encoding}, action="/encoding")
    work_once(staff.app)
    return staff.get(shown.url)


def test_a_chinese_table_is_read_as_such_and_the_preview_says_so(
    staff: Client, session: Session
) -> None:
    make_event()
    shown = read(staff, table(CHINESE, encoding="gb18030"))
    assert "By its looks it is Simplified Chinese (GB 18030, GBK)." in shown.text_by_id("encoding")
    assert "上海市人民政府" in shown.text_by_id("encoding")
    staff.submit(shown, action="/store")
    work_once(staff.app)
    assert registered().first_name == "小明"


def test_another_encoding_is_chosen_and_the_table_is_read_and_stored_in_it(
    staff: Client, session: Session
) -> None:
    """Central European can not be told from Western: the person sees it and says so."""
    make_event()
    shown = read(staff, table(POLISH, encoding="cp1250"))
    assert "£ukasz" in shown.text_by_id("encoding")
    again = choose(staff, shown, "cp1250")
    assert "Łukasz" in again.text_by_id("encoding")
    assert "It was read as Central European (Windows 1250)." in again.main
    assert "By its looks" not in again.main
    assert again.filled("/encoding")["encoding"] == "cp1250"
    # Columns matched anew keep it.
    staff.submit(again, action="/columns")
    work_once(staff.app)
    last = staff.get(again.url)
    assert "Łukasz" in last.text_by_id("encoding")
    staff.submit(last, action="/store")
    work_once(staff.app)
    assert registered().organisation == "Urząd Miasta Łodzi"


def test_a_choice_that_does_not_fit_is_refused_and_can_be_taken_back(
    staff: Client, session: Session
) -> None:
    make_event()
    shown = read(staff, table({"first_name": "José"}, encoding="cp1252"))
    wrong = choose(staff, shown, "utf-8")
    assert "The file is not written in this encoding." in wrong.main
    assert "Store 1 registration" not in wrong.main
    back = choose(staff, wrong, "")
    assert "José" in back.text_by_id("encoding")
    assert "Store 1 registration" in back.main
    # What nobody offers is as if nothing was chosen.
    assert "José" in choose(staff, back, "rot13").text_by_id("encoding")


def test_a_file_that_says_it_itself_asks_nothing_loudly(staff: Client, session: Session) -> None:
    make_event()
    shown = read(staff, table(CHINESE))
    assert "It was read as Unicode (UTF-8)." in shown.main
    assert "By its looks" not in shown.main


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_choice_reads_well_in_each_language(
    staff: Client, session: Session, language: str
) -> None:
    make_event()
    staff.language = language
    shown = read(staff, table(CHINESE, encoding="gb18030"))
    assert choose(staff, shown, "cp1252").status == 200


def bring_members(staff: Client, content: bytes, **fields: str) -> Page:
    form = staff.get("/office/members/import").filled()
    file = (io.BytesIO(content), "members.csv")
    return staff.post("/office/members/import", data={**form, **fields, "file": file})


def test_members_are_read_in_the_encoding_that_is_chosen(staff: Client, session: Session) -> None:
    content = "name,country\nMiasto Łódź,PL\n".encode("cp1250")
    shown = bring_members(staff, content)
    assert "By its looks it is Western European (Windows 1252)." in shown.main
    assert "£ód" in shown.main
    again = bring_members(staff, content, encoding="cp1250")
    assert "Miasto Łódź" in again.main
    assert "It was read as Central European (Windows 1250)." in again.main
