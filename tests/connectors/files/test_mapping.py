"""Mappings: the shipped ones are sound, a wrong one is refused with the place, and the header chooses."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.connectors.files.mapping import MappingWrong, choose, load, shipped
from console.errors import UsageError

GOOD = 'rows = "states"\n[fields]\nticket = "ref"\nat = "at"\n'


def test_the_shipped_mappings_are_sound_and_told_apart_by_their_signs() -> None:
    mappings = {mapping.name: mapping for mapping in shipped()}
    assert set(mappings) == {"events", "servicenow", "tickets"}
    for mapping in mappings.values():
        assert choose(list(mappings.values()), mapping.columns()) is mapping


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("rows = 'heaps'", "rows"),
        (GOOD + "staus = 'x'", "fields.staus"),
        ("[fields]\nticket = 'ref'", "fields.at"),
        (GOOD + "status = 3", "fields.status"),
        (GOOD + "[values.status]\nNew = 'fresh'", "values.status.New"),
        (GOOD + "[values.subject]\na = 'b'", "values.subject"),
        (GOOD + "[times]\nformats = ['DD.MM.YYYY']", "times.formats"),
        (GOOD + "[times]\nformats = ['%Y-%m-%d %Q']", "times.formats"),
        (GOOD + "[times]\nformats = ['%d.%m.%Y %d']", "times.formats"),
        (GOOD + "[times]\ntime_zone = 'Mars/Olympus'", "times.time_zone"),
        (GOOD + "[times]\nprecision = 'fortnight'", "times.precision"),
        (GOOD + "[times]\nzone = 'UTC'", "times.zone"),
        (GOOD + "[defaults]\nchannel = 'pigeon'", "defaults.channel"),
        (GOOD + "[[moments]]\nkind = 'public_reply'", "moments.column"),
        (GOOD + "[[moments]]\ncolumn = 'x'\nkind = 'dance'", "moments.kind"),
        ("nul = ['?']\n" + GOOD, "nul"),
        ("encoding = 'morse'\n" + GOOD, "encoding"),
        ("delimiter = '::'\n" + GOOD, "delimiter"),
        ("fields = 3", "fields"),
    ],
)
def test_a_wrong_mapping_is_refused_with_the_place(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingWrong) as wrong:
        load(path)
    assert f"wrong at {place}:" in wrong.value.what
    assert wrong.value.exit_code == 2


def test_broken_toml_and_a_missing_file_are_told(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    with pytest.raises(MappingWrong, match="cannot be read"):
        load(path)
    path.write_text("= nothing", encoding="utf-8")
    with pytest.raises(MappingWrong, match="cannot be read"):
        load(path)


def test_a_header_that_no_mapping_knows_is_told_with_its_columns() -> None:
    with pytest.raises(UsageError, match="Datum, Uhrzeit"):
        choose(shipped(), ["Datum", "Uhrzeit"])
