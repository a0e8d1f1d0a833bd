"""The indexer's life: increments, rebuilds, damage, locks, a full disk, and the manifest of every commit."""

import errno
import json
import shutil
import subprocess
import sys
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ArchiveMaker, fill, make_article

from index import generations
from index.article import Status
from index.doctor import examine
from index.errors import ArchiveLocked, DiskFull, IndexUnusable
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import ROOM_ALWAYS, rebuild_index, update_index, writing
from search.archive import Archive
from search.query import Query


def titles(archive: Archive, text: str) -> list[str]:
    return [hit.title.text for hit in archive.search(Query(text)).hits]


def many(count: int) -> list:
    return [
        make_article(id=f"uji-{n}", url=None, title=f"Berita nomor {n}", body=f"Isi berita ke {n}.")
        for n in range(count)
    ]


def test_changes_deletions_and_withdrawals_reach_the_index(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    archive = archive_with(*many(3))
    assert len(titles(archive, "berita")) == 3
    fill(archive_folder, [replace(many(1)[0], title="Judul pengganti")])
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        with store.transaction():
            store.delete("uji-1")
            store.withdraw("uji-2", "Salah.", make_article().date)
        update_index(archive_folder, store, archive.settings)
        assert examine(archive_folder, store) == []
    assert titles(archive, "pengganti") == ["Judul pengganti"]
    assert sorted(titles(archive, "")) == ["Berita nomor 2", "Judul pengganti"]
    assert titles(archive, "isi:isi") == ["Judul pengganti"]  # the text of a withdrawn article is not searched
    assert archive.search(Query("nomor 2")).hits[0].status is Status.WITHDRAWN


def test_an_article_changed_often_in_one_batch_is_indexed_once(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    article = make_article()
    archive = archive_with(*(replace(article, title=f"Judul {n}") for n in range(5)))
    assert titles(archive, "judul") == ["Judul 4"]
    fill(archive_folder, (replace(article, title=f"Judul baru {n}") for n in range(5)))
    assert titles(archive, "judul") == ["Judul baru 4"]


def test_a_rebuild_resumes_where_it_was_interrupted_and_switches_at_the_end(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    archive = archive_with(*many(10))
    settings = archive.settings

    def interrupted(done: int, total: int) -> None:
        if done == 6:
            raise KeyboardInterrupt

    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        with pytest.raises(KeyboardInterrupt):
            rebuild_index(archive_folder, store, settings, batch=3, progress=interrupted)
        assert generations.current_generation(archive_folder.generations).name == "000001"
        assert len(titles(archive, "berita")) == 10
        summary = rebuild_index(archive_folder, store, settings, batch=3)
        assert (summary.applied, summary.sequence) == (4, 10)
        assert examine(archive_folder, store) == []
    assert [p.name for p in archive_folder.generations.iterdir() if p.is_dir()] == ["000002"]
    assert len(titles(archive, "berita")) == 10


def test_a_second_writer_is_told_so_and_a_dead_one_leaves_no_lock(archive_folder: ArchiveFolder) -> None:
    code = (
        "import sys, pathlib; from index.writer import *; held = writing(ArchiveFolder(pathlib.Path(sys.argv[1]))); "
        "held.__enter__(); print('ready', flush=True); input()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(archive_folder.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    with pytest.raises(ArchiveLocked, match="another process is writing"), writing(archive_folder):
        pass
    holder.kill()
    holder.communicate()
    with writing(archive_folder):
        assert archive_folder.lock.exists()


def test_without_room_nothing_is_begun(archive_folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(archive_folder, many(1))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: namedtuple("Usage", "total used free")(0, 0, 1 << 20))
    with pytest.raises(DiskFull, match="nothing stored is lost"):
        fill(archive_folder, many(5))
    monkeypatch.undo()
    fill(archive_folder, [])
    archive = Archive(archive_folder.path)
    assert len(titles(archive, "berita")) == 5
    archive.close()


def test_a_disk_that_fills_up_on_the_way_is_told_and_what_was_half_written_is_deleted(
    archive_folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(archive_folder, many(3))
    (generation,) = archive_folder.generations.glob("0*")
    before = {path.name for path in generation.iterdir()}

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("index.segments.write_columns", full)
    with pytest.raises(DiskFull, match="nothing stored is lost"):
        fill(archive_folder, many(6))
    assert {path.name for path in generation.iterdir()} == before
    monkeypatch.undo()
    fill(archive_folder, [])
    archive = Archive(archive_folder.path)
    assert len(titles(archive, "berita")) == 6
    archive.close()


def test_segments_that_there_is_no_room_to_merge_stay_as_they_are(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.writer.ROOM_PER_BYTE", 0)
    free = namedtuple("Usage", "total used free")(0, 0, ROOM_ALWAYS)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: free)
    archive = archive_with(*many(5))
    fill(archive_folder, [replace(article, title="Berita baru") for article in many(5)[:2]])
    (generation,) = archive_folder.generations.glob("0*")
    assert len(generations.segments_of(generation)) == 2
    assert len(titles(archive, "berita")) == 5
    monkeypatch.undo()
    fill(archive_folder, many(6)[5:])
    assert len(generations.segments_of(generation)) == 1


def test_what_a_killed_writer_left_is_deleted_by_the_next(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, many(2))
    generation = generations.current_generation(archive_folder.generations)
    assert generation is not None
    (generation / "MAIN_halfwritten.pst").write_bytes(b"x" * 1000)
    (generation / "MAIN.tmp").mkdir()
    (generation / "_MAIN_9.toc.123.4").write_bytes(b"")
    before = generations.newest_commit(generation)
    fill(archive_folder, many(3))
    assert generations.newest_commit(generation) == before + 1
    manifest = generations.read_manifest(generation, before + 1)
    on_disk = {p.name for p in generation.iterdir()}
    assert on_disk == {*manifest.files, f"_MAIN_{before + 1}.toc", f"manifest-{before + 1}.json"}
    assert manifest.sequence == 3


def damage_toc(generation: Path) -> None:
    (toc,) = generation.glob("*.toc")
    toc.write_bytes(toc.read_bytes()[:-1] + b"!")


def damage_size(generation: Path) -> None:
    next(generation.glob("*.pst")).write_bytes(b"")


def damage_version(generation: Path) -> None:
    (path,) = generation.glob("manifest-*.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema_version": "0.0"}))


def damage_name(generation: Path) -> None:
    (generation.parent / "CURRENT").write_bytes(b"000001\xff\n")


def lose_a_file(generation: Path) -> None:
    next(generation.glob("*.trm")).unlink()


def damage_manifest(generation: Path) -> None:
    (path,) = generation.glob("manifest-*.json")
    path.write_text("{")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (damage_toc, "table of contents"),
        (damage_size, "size"),
        (damage_version, "version 0.0"),
        (damage_manifest, "manifest"),
        (damage_name, "CURRENT"),
        (lose_a_file, "No such file"),
        (shutil.rmtree, "no index yet|No such file"),
    ],
)
def test_a_damaged_index_is_refused_before_whoosh_opens_it_and_can_be_made_again(
    archive_folder: ArchiveFolder, damage, reason: str
) -> None:
    fill(archive_folder, many(3))
    damage(archive_folder.generations / "000001")
    archive = Archive(archive_folder.path)
    with pytest.raises(IndexUnusable, match=reason) as refused:
        archive.search(Query("berita"))
    assert "telisik index --rebuild" in str(refused.value)
    with pytest.raises(IndexUnusable, match=reason):
        fill(archive_folder, many(4))
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        assert [fault.repairable for fault in examine(archive_folder, store)] == [True]
        rebuild_index(archive_folder, store, archive.settings)
        assert examine(archive_folder, store) == []
    assert len(titles(archive, "berita")) == 4
    archive.close()


def test_the_doctor_sees_a_flipped_byte(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, many(3))
    path = next((archive_folder.generations / "000001").glob("*.pst"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with ArticleStore(archive_folder.store) as store:
        (fault,) = examine(archive_folder, store)
    assert "damaged: its checksum differs" in fault.text
    assert fault.repairable


def test_another_time_zone_asks_for_a_rebuild(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, many(1))
    archive_folder.settings_file.write_text('timezone = "Asia/Jayapura"\n')
    with pytest.raises(IndexUnusable, match="Asia/Jakarta, not Asia/Jayapura"):
        fill(archive_folder, many(2))


def test_a_commit_by_another_process_is_seen_at_the_next_search(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    archive = archive_with(*many(1))
    assert len(titles(archive, "berita")) == 1
    code = (
        "import sys, pathlib; sys.path.insert(0, 'tests'); from conftest import *; "
        "fill(ArchiveFolder(pathlib.Path(sys.argv[1])), [make_article(id='lain', url=None, title='Berita lain')])"
    )
    subprocess.run([sys.executable, "-c", code, str(archive_folder.path)], check=True, cwd=Path(__file__).parent.parent)
    assert len(titles(archive, "berita")) == 2


@pytest.mark.parametrize("later", [2, 4], ids=["fewer changes than the index knows", "more changes"])
def test_a_store_put_back_from_a_backup_gets_an_index_of_its_own(archive_folder: ArchiveFolder, later: int) -> None:
    fill(archive_folder, many(2))
    backup = archive_folder.store.read_bytes()
    fill(archive_folder, [make_article(id=f"hilang-{n}", url=None, title=f"Berita hilang {n}") for n in range(3)])
    for path in archive_folder.path.glob("articles.sqlite*"):
        path.unlink()
    archive_folder.store.write_bytes(backup)
    fresh = [make_article(id=f"baru-{n}", url=None, title=f"Berita baru {n}") for n in range(later)]
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        assert [fault.repairable for fault in examine(archive_folder, store)] == [True]
    fill(archive_folder, fresh)
    archive = Archive(archive_folder.path)
    assert sorted(titles(archive, "berita")) == sorted(
        [*(f"Berita baru {n}" for n in range(later)), "Berita nomor 0", "Berita nomor 1"]
    )
    with ArticleStore(archive_folder.store) as store:
        assert examine(archive_folder, store) == []
    archive.close()
