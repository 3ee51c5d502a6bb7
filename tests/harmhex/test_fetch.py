"""Fetching open data: few requests, whole files, and a plain sentence for every bad day."""

from __future__ import annotations

import json
import socket
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.errors import BadInputError
from config.version import VERSION
from harmhex.__main__ import cli
from harmhex.police_uk._remote_file import Patience
from harmhex.police_uk.fetched import Fetched, fetch_police_uk
from harmhex.police_uk.month import Month, months_between, read_month
from tests.harmhex.archive_server import Server, archive, serving, street

IMPATIENT = Patience(timeout_s=0.3, attempts=2, pause_s=0.0)
MONTHS = [str(month) for month in months_between(Month(2023, 11), Month(2024, 4))]
NEWEST = archive(MONTHS)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving({"2024-04.zip": NEWEST}) as made:
        yield made


def _fetch(
    out: Path, source: str | Path, first: str = MONTHS[0], last: str = MONTHS[-1], *,
    force: str = "essex",
) -> Fetched:  # fmt: skip
    return fetch_police_uk(
        force,
        read_month(first, "--from"),
        read_month(last, "--to"),
        out=out,
        source=str(source),
        patience=IMPATIENT,
    )


def _held(folder: Path) -> dict[str, bytes]:
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def _wanted(months: list[str], force: str = "essex") -> dict[str, bytes]:
    return {f"{month}/{month}-{force}-street.csv": street(month, force) for month in months}


def test_a_months_files_come_by_ranges_and_little_else(server: Server, tmp_path: Path) -> None:
    fetched = _fetch(tmp_path / "out", server.address)
    assert _held(tmp_path / "out") == _wanted(MONTHS)
    assert [str(month) for month in fetched.written] == MONTHS
    assert fetched.size == sum(map(len, _wanted(MONTHS).values()))
    assert server.agents == {f"harmhex/{VERSION}"}
    # one archive, and of it about the third that is Essex; its list of members comes with the tail
    assert server.names == {"2024-04.zip"}
    assert server.sent < len(NEWEST) / 2
    assert len(server.asked) <= len(MONTHS) + 2


def test_a_month_there_already_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    _fetch(tmp_path, server.address)
    damaged = tmp_path / MONTHS[1] / f"{MONTHS[1]}-essex-street.csv"
    content = bytearray(damaged.read_bytes())
    content[-3] ^= 1
    damaged.write_bytes(content)
    (tmp_path / MONTHS[2] / f"{MONTHS[2]}-essex-street.csv").unlink()
    server.asked.clear()
    again = _fetch(tmp_path, server.address)
    # the same size and another CRC is fetched; so is what is gone
    assert [str(month) for month in again.written] == MONTHS[1:3]
    assert len(again.kept) == len(MONTHS) - 2
    assert _held(tmp_path) == _wanted(MONTHS)
    assert len(server.asked) <= 4


def test_few_archives_cover_many_months(tmp_path: Path) -> None:
    years = [f"{year}-{month:02d}" for year in (2021, 2022, 2023, 2024) for month in range(1, 13)]
    small = ("essex",)
    files = {f"{years[k]}.zip": archive(years[max(0, k - 35) : k + 1], small) for k in (11, 20, 47)}
    with serving(files) as server:
        _fetch(tmp_path, server.address, "2021-03", "2024-12")
        assert server.names == {"2024-12.zip", "2021-12.zip"}
    assert _held(tmp_path) == _wanted(years[2:])


def test_an_archive_per_month_is_read_too(tmp_path: Path) -> None:
    files = {f"{month}.zip": archive([month]) for month in MONTHS}
    with serving(files) as server:
        fetched = _fetch(tmp_path, server.address, MONTHS[1], MONTHS[3])
    assert _held(tmp_path) == _wanted(MONTHS[1:4])
    assert not fetched.missing


def test_months_of_no_archive_are_missing_and_said(server: Server, tmp_path: Path) -> None:
    server.files["latest.zip"] = NEWEST
    fetched = _fetch(tmp_path, server.address, "2023-09", "2024-06")
    assert [str(month) for month in fetched.missing] == ["2023-09", "2023-10", "2024-05", "2024-06"]
    loud = [note.text for note in fetched.notes if note.loud]
    assert len(loud) == 1
    assert "2023-09, 2023-10, 2024-05, 2024-06" in loud[0]
    assert set(fetched.months) == {*fetched.written, *fetched.missing}


def test_an_archive_withdrawn_is_made_up_for_by_a_later_one(server: Server, tmp_path: Path) -> None:
    fetched = _fetch(tmp_path, server.address, MONTHS[0], MONTHS[3])
    assert not fetched.missing
    assert "2024-04.zip" in server.names


def test_a_server_without_ranges_sends_the_whole(server: Server, tmp_path: Path) -> None:
    server.ranges = False
    said: list[str] = []
    fetched = fetch_police_uk(
        "Essex", Month(2024, 1), Month(2024, 2), out=tmp_path / "new" / "out",
        source=server.address, progress=said.append,
    )  # fmt: skip
    assert _held(tmp_path) == {f"new/out/{name}": it for name, it in _wanted(MONTHS[2:4]).items()}
    assert len(fetched.written) == 2
    assert [name for name, _ in server.asked].count("2024-04.zip") == 1
    assert any("sends no parts" in sentence for sentence in said)


def test_an_answer_that_breaks_off_is_taken_up_where_it_stopped(
    server: Server, tmp_path: Path
) -> None:
    server.breaks_after, server.breaks = 50_000, 3
    _fetch(tmp_path, server.address)
    assert _held(tmp_path) == _wanted(MONTHS)


def test_a_redirect_is_followed_with_its_range(server: Server, tmp_path: Path) -> None:
    server.moved = True
    _fetch(tmp_path, server.address)
    assert _held(tmp_path) == _wanted(MONTHS)
    assert server.sent < len(NEWEST) / 2


@pytest.mark.parametrize("ranges", [True, False])
def test_an_answer_that_always_breaks_off_leaves_nothing(
    server: Server, tmp_path: Path, *, ranges: bool
) -> None:
    server.ranges, server.breaks_after = ranges, 0 if ranges else 10_000
    server.files["2024-04.zip"] = NEWEST
    with pytest.raises(BadInputError, match=r"broke off|part than") as caught:
        _fetch(tmp_path / "out", server.address)
    assert "127.0.0.1" in str(caught.value)
    assert "run the same command again" in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_break_after_some_months_keeps_them_and_says_so(server: Server, tmp_path: Path) -> None:
    done = 0

    def counting(sentence: str) -> None:
        nonlocal done
        done += "2024-04.zip (" in sentence
        if done == 3:
            server.status = 503

    with pytest.raises(BadInputError, match=r"answered 503.*2 months fetched so far are whole"):
        fetch_police_uk(
            "essex", Month(2023, 11), Month(2024, 4), out=tmp_path,
            source=server.address, patience=IMPATIENT, progress=counting,
        )  # fmt: skip
    assert _held(tmp_path) == _wanted(MONTHS[:2])
    assert len(list(tmp_path.iterdir())) == 2
    server.status = 0
    assert len(_fetch(tmp_path, server.address).kept) == 2
    assert _held(tmp_path) == _wanted(MONTHS)


def test_a_slow_server_is_given_up(server: Server, tmp_path: Path) -> None:
    server.delay_s = 5
    with pytest.raises(BadInputError, match=r"127\.0\.0\.1:\d+ did not answer in time"):
        _fetch(tmp_path / "out", server.address)
    assert len(server.asked) == IMPATIENT.attempts
    assert not list(tmp_path.iterdir())


def test_a_refused_connection_is_said(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(BadInputError, match=rf"127\.0\.0\.1:{port} refused the connection"):
            _fetch(tmp_path / "out", f"http://127.0.0.1:{port}")


def test_no_archive_is_one_sentence(tmp_path: Path) -> None:
    with serving({}) as server, pytest.raises(BadInputError, match="has no archive that holds"):
        _fetch(tmp_path / "out", server.address)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("status", [401, 416])
def test_a_refusal_is_said_with_its_number(server: Server, tmp_path: Path, status: int) -> None:
    server.status = status
    with pytest.raises(BadInputError, match=f"answered {status}"):
        _fetch(tmp_path / "out", server.address)
    assert len(server.asked) == 1


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("content", [b"<html>Sign in</html>" * 99, NEWEST[:-40], b"PK"])
def test_what_is_no_zip_is_said(
    server: Server, tmp_path: Path, *, content: bytes, ranges: bool
) -> None:
    server.files["2024-04.zip"], server.ranges = content, ranges
    with pytest.raises(BadInputError, match=r"2024-04\.zip from 127.*is not a zip archive"):
        _fetch(tmp_path / "out", server.address)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ranges", [True, False])
def test_a_damaged_member_is_not_written(server: Server, tmp_path: Path, *, ranges: bool) -> None:
    spoiled = bytearray(NEWEST)
    # the stated checksum of the first Essex month, in the list at the end
    place = spoiled.rindex(f"{MONTHS[0]}-essex-street.csv".encode()) - len(f"{MONTHS[0]}/") - 46
    assert spoiled[place : place + 4] == b"PK\x01\x02"
    struct.pack_into("<I", spoiled, place + 16, 12345)
    server.files["2024-04.zip"], server.ranges = bytes(spoiled), ranges
    with pytest.raises(
        BadInputError, match=r"2023-11-essex-street\.csv in 2024-04\.zip is damaged"
    ):
        _fetch(tmp_path / "out", server.address)
    assert not list(tmp_path.iterdir())


def test_a_bomb_and_a_climbing_name_write_nothing(tmp_path: Path) -> None:
    saved = tmp_path / "saved.zip"
    with zipfile.ZipFile(saved, "w") as made:
        made.writestr("../../2024-01-essex-street.csv", HEADER_ONLY)
    _fetch(tmp_path / "out", saved, "2024-01", "2024-01")
    # its name decides the month, never the place
    assert set(_held(tmp_path)) == {"saved.zip", "out/2024-01/2024-01-essex-street.csv"}

    content = bytearray(saved.read_bytes())
    struct.pack_into("<I", content, content.rindex(b"PK\x01\x02") + 24, 0x7FFFFFFF)
    saved.write_bytes(content)
    with pytest.raises(BadInputError, match="far too large"):
        _fetch(tmp_path / "other", saved, "2024-01", "2024-01")
    assert not (tmp_path / "other").exists()


HEADER_ONLY = "Crime ID,Month\n"


def test_a_saved_download_is_taken(tmp_path: Path) -> None:
    (tmp_path / "saved.zip").write_bytes(archive(MONTHS[:2], ("thames-valley",)))
    fetched = _fetch(tmp_path / "out", tmp_path / "saved.zip", force="Thames Valley")
    assert _held(tmp_path / "out") == _wanted(MONTHS[:2], "thames-valley")
    assert [str(month) for month in fetched.missing] == MONTHS[2:]
    with pytest.raises(BadInputError, match=r"'thames' .*Did you mean thames-valley"):
        _fetch(tmp_path / "out", tmp_path / "saved.zip", force="thames")
    with pytest.raises(BadInputError, match=r"none\.zip' cannot be opened"):
        _fetch(tmp_path / "out", tmp_path / "none.zip")
    with pytest.raises(BadInputError, match="holds thames-valley, but none of its months"):
        _fetch(tmp_path / "o", tmp_path / "saved.zip", "2020-01", "2020-02", force="thames-valley")


def _run(*words: object, code: int = 0) -> tuple[str, str]:
    result = CliRunner().invoke(cli, ["fetch", "police-uk", *(str(word) for word in words)])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout, result.stderr


def test_the_command_keeps_its_contract(server: Server, tmp_path: Path) -> None:
    asked = ["--force", "essex", "--source", server.address + "/", "--out", tmp_path, "--json"]
    out, error = _run(*asked, "--from", "2023-10", "--to", "2024-04")
    summary = json.loads(out)
    assert set(summary) == {"force", "months", "written", "kept", "missing", "bytes", "notes"}
    assert summary["written"] == MONTHS
    assert summary["missing"] == ["2023-10"]
    assert "2024-04 from 2024-04.zip" in error
    out, _ = _run(*asked[:-1], "--from", "2023-11", "--to", "2024-04")
    assert "6 months of essex = 0 written + 6 already there + 0 missing" in out
    out, _ = _run("--help")
    assert "Example: harmhex fetch police-uk" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "2024-05", "--to", "2024-04"], "--from 2024-05 is after --to 2024-04"),
        (["--from", "2024-13", "--to", "2024-04"], "'2024-13' is not a month"),
        (["--from", "2024-01-01", "--to", "2024-04"], "'2024-01-01' is not a month"),
        (["--from", "2024-01", "--to", "2024-04", "--force", "../x"], "'../x' is not a force"),
        (["--from", "2024-01", "--to", "2024-04", "--source", "ftp://x/y"], "'ftp://x/y'"),
    ],
)
def test_words_that_cannot_be_used_are_one_sentence(
    tmp_path: Path, words: list[str], said: str
) -> None:
    force = [] if "--force" in words else ["--force", "essex"]
    _, error = _run(*force, *words, "--out", tmp_path / "out", code=1)
    assert said in error
    assert not list(tmp_path.iterdir())


def test_an_option_left_out_is_a_usage_error() -> None:
    _run("--force", "essex", code=2)
