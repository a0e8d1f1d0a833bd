"""What may import what: `index` <- `search` <- `web`, Whoosh below, Flask above, and a command line that starts without it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "search", "web")
MODULES = [path.relative_to(ROOT) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
MAY_NOT_IMPORT = {
    "index": {"search", "web", "flask", "werkzeug", "jinja2", "click"},
    "search": {"web", "flask", "werkzeug", "jinja2", "click"},
    "web": {"whoosh", "Sastrawi", "sqlite3"},
}
COMMAND_LINE = (
    "cli.py",
    "commands_archivists.py",
    "commands_batch.py",
    "commands_decisions.py",
    "commands_eval.py",
    "commands_misses.py",
    "commands_people.py",
    "commands_read.py",
    "commands_serve.py",
    "commands_topics.py",
    "commands_tag.py",
    "commands_words.py",
    "commands_write.py",
    "options.py",
    "tables.py",
)
SERVER_SIDE = {"flask", "werkzeug", "jinja2", "gunicorn"}


def imports_of(path: Path) -> set[str]:
    """The first names of all that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found.add((node.module or "").split(".")[0])
    return found


def test_there_are_modules_to_look_at() -> None:
    assert {path.parts[0] for path in MODULES} == set(PACKAGES)
    assert len(MODULES) > 40
    assert {"flask", "search"} <= imports_of(ROOT / "web" / "pages.py")


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_imports_only_what_stands_to_its_left(module: Path) -> None:
    assert imports_of(ROOT / module) & MAY_NOT_IMPORT[module.parts[0]] == set()


@pytest.mark.parametrize("module", [path for path in MODULES if path.parts[0] == "web"], ids=str)
def test_the_pages_do_not_know_the_command_line(module: Path) -> None:
    assert ("click" in imports_of(ROOT / module)) <= (module.name in COMMAND_LINE)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_itself_holds_nothing_but_what_it_is_for(package: str) -> None:
    tree = ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


RUN = """
import sys
from web.cli import main
try:
    main(sys.argv[1:], standalone_mode=False)
finally:
    print("loaded:", *sorted({name.split(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["import", "berita.jsonl", "--json"],
        ["search", "beras", "--from", "2019", "--to", "2023-07", "--section", "Ekonomi", "--json"],
        ["search", "beras"],
        ["show", "uji-1"],
        ["export", "--format", "ris", "--query", "beras"],
        ["stats"],
        ["people", "batch", "nama.csv"],
        ["archivists", "list"],
        ["doctor"],
        ["demo", "--no-serve"],
    ],
    ids=" ".join,
)
def test_the_command_line_runs_without_flask(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "berita.jsonl").write_text('{"id": "uji-1", "title": "Harga beras"}\n', encoding="utf-8")
    (tmp_path / "nama.csv").write_text("nama\nHadi\n", encoding="utf-8")
    setup = [] if arguments[0] in ("--help", "demo") else [["import", "berita.jsonl"]]
    for command in (*setup, arguments):
        run = subprocess.run(
            [sys.executable, "-c", RUN, *command],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=True,
        )
    loaded = set(run.stdout.splitlines()[-1].split()[1:])
    assert {"click", "index"} <= loaded
    assert loaded & SERVER_SIDE == set()
