"""The commands that keep an archive: withdraw, restore, delete, index, doctor, demo, serve."""

import ctypes
import hashlib
import json
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from command_line import Telisik, found_by, record, stats_of, write_jsonl
from conftest import fill, make_article

from index import generations
from index.article import Article
from index.article_json import record_from
from index.settings import ArchiveFolder
from web.cli import main

ROOT = Path(__file__).parent.parent


# --- withdraw, restore, delete, index, doctor, demo


def test_a_withdrawn_article_is_found_by_its_title_and_a_restored_one_by_its_text(stocked: Telisik) -> None:
    stocked("withdraw", "uji-4", "--reason", "Salah.")
    assert found_by(stocked, "id:uji-4") == ["uji-4"]
    assert found_by(stocked, "judul:4") == ["uji-4"]
    assert found_by(stocked, "isi:4") == []
    assert json.loads(stocked("show", "uji-4", "--json").stdout)["status"] == "withdrawn"
    stocked("restore", "uji-4")
    assert found_by(stocked, "isi:4") == ["uji-4"]
    for arguments in (["withdraw", "uji-99", "--reason", "x"], ["restore", "uji-99"], ["delete", "uji-99", "--yes"]):
        assert "no article with the id uji-99" in stocked(*arguments, code=1).stderr


def test_a_deletion_asks_first(stocked: Telisik) -> None:
    assert "Harga beras 2" in stocked("delete", "uji-2", input="n\n", code=1).output
    assert stats_of(stocked)["articles"] == 12
    stocked("delete", "uji-2", input="y\n")
    stocked("delete", "uji-3", "--yes")
    assert stats_of(stocked)["articles"] == 10
    assert found_by(stocked, "id:uji-2 ATAU id:uji-3") == []
    stocked("show", "uji-2", code=1)


def test_a_rebuild_makes_the_index_again_and_answers_stay(stocked: Telisik, tmp_path: Path) -> None:
    before = stocked("search", "beras", "--json").stdout
    assert "indexed: 12 articles, up to change 12" in stocked("index", "--rebuild").stdout
    live = generations.current_generation(tmp_path / "arsip" / "generations")
    assert live is not None
    assert live.name == "000002"
    after = stocked("search", "beras", "--json").stdout
    assert json.loads(before) | {"took_ms": 0} == json.loads(after) | {"took_ms": 0}


def test_the_doctor_finds_what_is_wrong_and_mends_the_index(stocked: Telisik, tmp_path: Path) -> None:
    assert stocked("doctor").stdout == "The archive is sound.\n"
    assert json.loads(stocked("doctor", "--json").stdout) == {"faults": [], "repaired": False, "left": []}
    (toc,) = (tmp_path / "arsip" / "generations" / "000001").glob("*.toc")
    toc.write_bytes(b"")
    sick = stocked("doctor", code=1)
    assert "table of contents" in sick.stderr
    assert "telisik doctor --repair" in sick.stderr
    assert len(json.loads(stocked("doctor", "--json", code=1).stdout)["left"]) == 1
    mended = json.loads(stocked("doctor", "--repair", "--json").stdout)
    assert (len(mended["faults"]), mended["repaired"], mended["left"]) == (1, True, [])
    assert stocked("doctor").stdout == "The archive is sound.\n"
    assert len(found_by(stocked, "beras")) == 10


def test_the_doctor_tells_what_is_wrong_with_the_newsrooms_files(stocked: Telisik, tmp_path: Path) -> None:
    folder = tmp_path / "arsip"
    header = "slug,name,aliases,role,wikidata,note,status\n"
    (folder / "tokoh.csv").write_text(f"{header}siti,Siti,,,,,\n{header}siti,Siti Lain,,,,,\n")
    (folder / "topik.csv").write_text("slug,label,query\nuji,Uji,\n")
    (folder / "kata.txt").write_text("dua kata\n")
    (folder / "keputusan.jsonl").write_text("bukan json\n")
    sick = stocked("doctor", "--repair", code=1)
    assert sick.stdout == ""
    assert sick.stderr.splitlines() == [
        "tokoh.csv: line 3: the header once more, and no record",
        'tokoh.csv: line 4: the slug "siti" is another row\'s already',
        "topik.csv: line 2: a topic needs a query; that of a section is rubrik:NAME",
        'kata.txt: line 1: "dua kata" is not one word of letters',
        "arsip/keputusan.jsonl is damaged; restore it from a backup",
        "The rows named are left out of the newsroom's files; correct them there.",
    ]


def test_the_doctor_sees_that_the_store_is_older_than_the_index(stocked: Telisik, tmp_path: Path) -> None:
    store = tmp_path / "arsip" / "articles.sqlite"
    backup = store.read_bytes()
    (tmp_path / "lagi.jsonl").write_text(json.dumps(record(1, body="Isi yang diperbarui.")))
    stocked("import", "lagi.jsonl")
    store.write_bytes(backup)
    assert "an older store?" in stocked("doctor", code=1).stderr
    stocked("doctor", "--repair")
    assert found_by(stocked, "diperbarui") == []
    assert stocked("doctor").stdout == "The archive is sound.\n"


COMMANDS_ON_A_STORE = [
    ["search", "beras"],
    ["show", "uji-1"],
    ["export"],
    ["stats"],
    ["import", "berita.jsonl"],
    ["withdraw", "uji-1", "--reason", "Salah."],
    ["doctor"],
    ["doctor", "--json"],
    ["doctor", "--repair"],
]


@pytest.mark.parametrize("arguments", COMMANDS_ON_A_STORE, ids=" ".join)
@pytest.mark.parametrize("begin", [0, 4096], ids=["no database", "damaged"])
def test_a_store_that_is_damaged_fails_every_command_with_words(
    stocked: Telisik, tmp_path: Path, arguments: list[str], begin: int
) -> None:
    (tmp_path / "berita.jsonl").write_text(json.dumps(record(1)))
    store = tmp_path / "arsip" / "articles.sqlite"
    good = store.read_bytes()
    store.write_bytes(good[:begin] + b"\xaa" * (len(good) - begin))
    result = stocked(*arguments, code=1)
    assert "file is not a database" in result.output or "malformed" in result.output or "invalid page" in result.output


def test_a_doctor_makes_no_store_of_an_empty_file_and_keeps_the_index(stocked: Telisik, tmp_path: Path) -> None:
    store = tmp_path / "arsip" / "articles.sqlite"
    store.write_bytes(b"")
    assert "holds no archive" in stocked("doctor", "--repair", code=1).stderr
    assert store.read_bytes() == b""


@pytest.mark.parametrize("arguments", COMMANDS_ON_A_STORE, ids=" ".join)
def test_an_archive_cannot_lie_below_a_file(telisik: Telisik, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "berita.jsonl").write_text(json.dumps(record(1)))
    result = telisik("--archive", "berita.jsonl/arsip", *arguments, code=1)
    assert result.stderr.startswith("telisik: berita.jsonl/arsip")
    assert "Not a directory" in result.stderr or "holds no archive" in result.stderr


def test_the_demo_is_an_archive_of_the_samples(telisik: Telisik, tmp_path: Path) -> None:
    assert "arsip-demo holds" in telisik("demo", "--no-serve").stdout
    demo = stats_of(telisik, "--archive", "arsip-demo")
    assert int(str(demo["articles"])) >= 60
    telisik("--archive", tmp_path / "lain", "demo", "--no-serve")
    telisik("demo", "--no-serve", "--archive", tmp_path / "lagi")
    assert {p.name for p in tmp_path.iterdir()} == {"arsip-demo", "lain", "lagi"}
    telisik(
        "demo", "--no-serve", env={"TELISIK_ARCHIVE": str(tmp_path / "sungguhan")}
    )  # not into somebody's real archive
    assert not (tmp_path / "sungguhan").exists()
    assert stats_of(telisik, "--archive", "arsip-demo") == demo
    assert telisik("doctor", "--archive", "arsip-demo").stdout == "The archive is sound.\n"


def test_the_demo_makes_an_index_of_another_version_again(telisik: Telisik, tmp_path: Path) -> None:
    telisik("demo", "--no-serve")
    change_version(tmp_path / "arsip-demo")
    again = telisik("demo", "--no-serve")
    assert "the index has version older, this program needs" in again.stderr
    assert "is made again" in again.stderr
    assert "is made again" not in telisik("demo", "--no-serve").stderr
    assert telisik("doctor", "--archive", "arsip-demo").exit_code == 0


def test_who_must_make_the_index_again_is_told_the_command(stocked: Telisik, tmp_path: Path) -> None:
    folder = tmp_path / "arsip lama"
    (tmp_path / "arsip").rename(folder)
    change_version(folder)
    told = stocked("search", "beras", "--archive", "arsip lama", code=1).stderr
    command = told.strip().split("run: telisik ")[1]
    assert command == "index --rebuild --archive 'arsip lama'"
    stocked(*shlex.split(command))
    stocked("search", "beras", "--archive", "arsip lama")


def change_version(folder: Path) -> None:
    """Make the index one of an earlier version of the program."""
    for manifest in ArchiveFolder(folder).generations.glob("*/manifest-*.json"):
        manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "schema_version": "older"}))


def test_a_second_writer_is_told_to_wait(stocked: Telisik, tmp_path: Path) -> None:
    code = (
        "import pathlib, sys; from index.settings import ArchiveFolder; from index.writer import writing\n"
        "with writing(ArchiveFolder(pathlib.Path(sys.argv[1]))): print('ready', flush=True); input()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "arsip")], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"ready\n"
    assert "another process is writing" in stocked("import", "berita.jsonl", code=1).stderr
    assert len(found_by(stocked, "beras")) == 10  # readers do not wait
    holder.communicate(b"\n")
    stocked("import", "berita.jsonl")


# --- serve


SERVE = "import sys; from web.cli import main; main(sys.argv[1:])"
STARTED_WITHIN = 30.0  # seconds
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # <linux/prctl.h>, <linux/capability.h>


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def served(folder: Path, **options: object) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve an archive in a process of its own, and yield its address once it answers."""
    port = free_port()
    command = [sys.executable, "-c", SERVE, "--lang", "en", "serve", "--archive", str(folder), "--port", str(port)]
    server = subprocess.Popen([*command, "--workers", "1"], cwd=ROOT, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload]
    try:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + STARTED_WITHIN
        while True:
            try:
                fetched(f"{address}/healthz")
                break
            except URLError:
                assert server.poll() is None, server.stderr.read().decode()
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield address, server
    finally:
        server.kill()
        server.communicate()


def fetched(address: str) -> str:
    with urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def found_at(address: str, text: str) -> tuple[int, list[str]]:
    answer = json.loads(fetched(f"{address}/search.json?q={text}"))
    return answer["total"], [hit["id"] for hit in answer["hits"]]


def in_another_process(folder: Path, *articles: Article) -> None:
    """Import articles the way a newsroom's nightly job does, beside the running server."""
    source = folder.parent / "susulan.jsonl"
    write_jsonl(source, *map(record_from, articles))
    command = [sys.executable, "-c", SERVE, "import", str(source), "--archive", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def contents(folder: Path) -> dict[str, tuple[int, str]]:
    """Time of change and checksum of all files; SQLite's own shared memory, through which readers announce themselves, aside."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def test_the_server_answers_sees_commits_writes_nothing_and_ends_when_told(tmp_path: Path) -> None:
    folder = ArchiveFolder(tmp_path / "arsip")
    fill(folder, [make_article()])
    before = contents(folder.path)
    with served(folder.path) as (address, server):
        assert json.loads(fetched(f"{address}/healthz"))["status"] == "ok"
        assert "<mark>beras</mark>" in fetched(f"{address}/search?q=beras")
        assert "Harga beras naik" in fetched(f"{address}/articles/uji-1")
        assert contents(folder.path) == before
        in_another_process(folder.path, make_article(id="uji-2", url=None, title="Beras susulan"))
        assert found_at(address, "susulan") == (1, ["uji-2"])
        assert found_at(address, "beras")[0] == 2
        assert json.loads(fetched(f"{address}/healthz"))["articles"] == 2
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=15) == 0
    assert CliRunner().invoke(main, ["doctor", "--archive", str(folder.path)]).exit_code == 0


@pytest.fixture
def locked_folder(tmp_path: Path) -> Iterator[ArchiveFolder]:
    """An archive that the server can only read."""
    folder = ArchiveFolder(tmp_path / "arsip")
    fill(folder, [make_article()])
    set_rights(folder.path, writable=False)
    yield folder
    set_rights(folder.path, writable=True)


def set_rights(folder: Path, *, writable: bool) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod((0o755 if path.is_dir() else 0o644) if writable else (0o555 if path.is_dir() else 0o444))


def obey_rights() -> None:
    """Make the process that is started here obey the rights of files, which root otherwise passes over."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_server_says_that_its_port_is_taken(stocked: Telisik, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = stocked(command, "--archive", "arsip", "--port", str(port), code=1)
    assert f"cannot listen on 127.0.0.1, port {port}: Address already in use; name another one" in result.stderr
    assert "answers at" not in result.stderr


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('accent = "#f0c8c8"', "accent: #f0c8c8 sulit dibaca (kontras 1,3:1, perlu sedikitnya 4,5:1)"),
        ('accent = "merah"', "accent harus berupa warna"),
        ('timezone = "Asia/Bandung"', "Asia/Bandung"),
        ("title = ", "tidak dapat dibaca"),
    ],
)
def test_a_server_whose_settings_cannot_be_followed_says_so_and_does_not_start(
    stocked: Telisik, settings: str, told: str
) -> None:
    Path("arsip", "telisik.toml").write_text(settings)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = stocked("--lang", "id", "serve", "--port", str(taken.getsockname()[1]), code=1)
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "http://" not in result.stderr


def test_settings_that_are_none_are_named_with_the_nearest(stocked: Telisik) -> None:
    file = Path("arsip", "telisik.toml")
    file.write_text('titel = "Arsip Uji"\n[warna]\nutama = "#8a1c1f"\n')
    told = f'{file}: there is no setting "titel"; nearest: title\n{file}: there is no setting "warna"; nearest: title, timezone,'
    for arguments in (["stats"], ["stats", "--json"], ["doctor"]):
        assert stocked(*arguments).stderr.startswith(told)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert stocked("serve", "--port", str(taken.getsockname()[1]), code=1).stderr.startswith(told)
    file.write_text("".join(f"{name} = {value}\n" for name, value in SETTINGS_OF_A_NEWSROOM.items()))
    assert stocked("stats").stderr == ""


SETTINGS_OF_A_NEWSROOM = {
    "title": '"Arsip Uji"', "timezone": '"Asia/Jayapura"', "recency": "false", "misses": "false", "publisher": '"PT Uji"',
    "footer": '"Uji."', "accent": '"#8a1c1f"', "accent_dark": '"#f0a8a8"',
}  # fmt: skip


def test_the_server_needs_no_right_to_write(locked_folder: ArchiveFolder) -> None:
    before = contents(locked_folder.path)
    names = sorted(path.name for path in locked_folder.path.iterdir())
    with served(locked_folder.path, preexec_fn=obey_rights) as (address, _server):
        assert found_at(address, "beras") == (1, ["uji-1"])
        assert "Harga beras naik" in fetched(f"{address}/articles/uji-1")
    assert contents(locked_folder.path) == before
    assert sorted(path.name for path in locked_folder.path.iterdir()) == names


def test_a_server_without_rights_sees_commits_too(locked_folder: ArchiveFolder) -> None:
    folder = locked_folder.path
    with served(folder, preexec_fn=obey_rights) as (address, _server):
        assert found_at(address, "beras") == (1, ["uji-1"])
        for number in (2, 3, 2):
            set_rights(folder, writable=True)
            title = f"Susulan {number} {time.monotonic_ns()}"
            in_another_process(folder, make_article(id=f"uji-{number}", url=None, title=title))
            set_rights(folder, writable=False)
            assert found_at(address, f"judul:susulan+{number}") == (1, [f"uji-{number}"])
            assert title in fetched(f"{address}/articles/uji-{number}")
