"""The walls: who may import whom, what happens at import, and who may talk to consumers."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {"bot", "database", "models", "services", "simulator", "web"}
WIRING = {"cli", "settings"}
OURS = ROOMS | WIRING | {"bench", "migrations", "tests"}
FRONT = {"aiohttp", "aiohttp_jinja2", "aiohttp_session", "aiohttp_sse", "jinja2", "telegram"}

# What a room may import of ours, and what it must not import of others'.
WALLS = {
    "models": (set(), FRONT | {"asyncpg"}),
    "database": ({"models"}, FRONT),
    "services": ({"models", "database"}, FRONT | {"asyncpg"}),
    "bot": ({"models", "database", "services"}, FRONT - {"telegram"} | {"asyncpg", "tortoise"}),
    "web": ({"models", "database", "services"}, {"telegram", "asyncpg", "tortoise"}),
    "simulator": (set(), {"telegram", "tortoise", "asyncpg", "jinja2"}),
    "migrations": (set(), FRONT),
}
ON_AIOHTTP = {"bot/api.py", "bot/intake/webhook.py"}


def files(room: str) -> list[Path]:
    return sorted(path for path in (ROOT / room).rglob("*.py") if "__pycache__" not in path.parts)


def imports(tree: ast.AST) -> Iterator[str]:
    """Name what is imported anywhere in a file, also inside a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide who is imported"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def packages(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(ast.parse(path.read_text(encoding="utf-8")))}


@pytest.mark.parametrize("room", sorted(WALLS))
def test_a_room_imports_only_its_neighbours(room):
    may_import, must_not_import = WALLS[room]
    assert files(room)
    for path in files(room):
        name = path.relative_to(ROOT).as_posix()
        allowed = {"aiohttp"} if name in ON_AIOHTTP else set()
        assert packages(path) & OURS - {room} <= may_import, name
        assert not packages(path) & must_not_import - allowed, name


def test_the_walls_would_notice_a_hole(tmp_path):
    hole = tmp_path / "hole.py"
    hole.write_text("def late() -> None:\n    import web.app\n    from telegram import Bot\n")
    assert packages(hole) == {"web", "telegram"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("incoming", "outgoing"), ("outgoing", "incoming"), ("chats", "incoming"), ("chats", "outgoing")],
)
def test_what_comes_in_and_what_goes_out_know_nothing_of_each_other(one, other):
    """A door puts the two together, in one transaction; and what both use is no way round."""
    for path in files(f"services/{one}"):
        named = set(imports(ast.parse(path.read_text(encoding="utf-8"))))
        assert not {name for name in named if name.startswith(f"services.{other}")}, path


def test_only_the_database_room_tells_errors_of_the_database_apart():
    for room in ROOMS - {"database"}:
        for path in files(room):
            named = set(imports(ast.parse(path.read_text(encoding="utf-8"))))
            assert not {name for name in named if name.startswith(("asyncpg", "tortoise.exceptions"))}, path


def test_doors_know_no_more_of_the_database_than_its_errors_transactions_topics_and_time():
    for room in ("bot", "web"):
        for path in files(room):
            named = set(imports(ast.parse(path.read_text(encoding="utf-8"))))
            modules = {".".join(name.split(".")[:2]) for name in named if name.startswith("database.")}
            assert modules <= {f"database.{name}" for name in ("clock", "errors", "pubsub", "transactions")}, path


def test_doors_leave_the_tables_to_the_services():
    """They name what they were given; whoever reads or writes a row is a service."""
    for room in ("bot", "web"):
        for path in files(room):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            tables = {name.removeprefix("models.") for name in imports(tree) if name.startswith("models.")}
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    assert ast.unparse(node.func.value) not in tables, (path, node.lineno)


def test_models_know_tortoise_and_the_standard_library_alone():
    for path in files("models"):
        assert packages(path) <= {"models", "tortoise"} | sys.stdlib_module_names, path


def test_the_simulator_knows_aiohttp_and_the_standard_library_alone():
    for path in files("simulator"):
        assert packages(path) <= {"simulator", "aiohttp"} | sys.stdlib_module_names, path


def test_settings_know_nothing_of_ours_but_how_to_refuse():
    found = set(imports(ast.parse((ROOT / "settings.py").read_text())))
    assert {name for name in found if name.partition(".")[0] in OURS} == {
        "database.errors",
        "database.errors.StartupError",
    }


def test_nobody_imports_what_puts_the_rooms_together():
    for room in ROOMS:
        for path in files(room):
            assert not packages(path) & WIRING, path


def test_only_the_clock_tells_the_time():
    """Everybody else goes by the database's, which it knows."""
    for room in ("database", "services", "bot", "web"):
        for path in files(room):
            calls = {
                ast.unparse(node.func)
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Call)
            }
            is_clock = path.relative_to(ROOT).as_posix() == "database/clock.py"
            assert ("datetime.now" in calls) is is_clock, path
            assert not calls & {"time.time", "datetime.utcnow"}, path


def test_a_panel_that_is_removed_leaves_the_bot_whole_and_the_other_way_round():
    for room, other in (("bot", "web"), ("web", "bot")):
        code = f"import sys; sys.modules[{other!r}] = None; import {room}.app"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_what_is_imported_is_declared_and_nothing_else():
    used = distributions(path for room in (*ROOMS, "cli", "migrations") for path in files(room))
    used |= distributions([ROOT / "settings.py"])
    assert used == declared(project()["dependencies"])


def test_what_only_tests_import_is_declared_for_them():
    extras = project()["optional-dependencies"]
    needed = distributions(files("tests") + files("bench")) - declared(project()["dependencies"])
    assert needed <= declared(extras["dev"])


def project() -> dict[str, Any]:
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"])


def declared(requirements: Iterable[str]) -> set[str]:
    return {normal(re.split(r"[^\w.-]", requirement, maxsplit=1)[0]) for requirement in requirements}


def distributions(paths: Iterable[Path]) -> set[str]:
    """Name what others publish and these files use, as it is called where it is published."""
    used = {name for path in paths for name in packages(path) | looked_for(path)} - OURS - sys.stdlib_module_names
    published = packages_distributions()
    return {normal(published.get(name, [name])[0]) for name in used}


def looked_for(path: Path) -> set[str]:
    """Name what is not imported, and only looked for by ``find_spec``."""
    return set(re.findall(r"""find_spec\("(\w+)"\)""", path.read_text(encoding="utf-8")))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_nothing_happens_at_import():
    """No socket, no process, no loop, no file but Python's own and what belongs to a package."""
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for room in sorted(ROOMS | {"cli"})
        for path in files(room)
        if path.name not in ("__init__.py", "__main__.py")
    ] + sorted({*WIRING, "cli.main"})
    assert _said_on_importing(modules, ROOT) == ""


def test_what_happens_at_import_would_be_noticed(tmp_path):
    (tmp_path / "early.py").write_text("import socket\nsocket.socket().bind(('127.0.0.1', 0))\n")
    assert "socket.bind" in _said_on_importing(["early"], tmp_path)


def _said_on_importing(modules: list[str], folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore::ResourceWarning", "-c", _IMPORT, *modules],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout + done.stderr


_IMPORT = """
import asyncio, importlib, os, sys, threading

ROOT = os.getcwd() + os.sep
FORBIDDEN = ("socket.connect", "socket.bind", "subprocess.Popen", "os.fork", "os.mkdir", "os.remove")

def watch(event, arguments):
    if event in FORBIDDEN or event == "open" and is_ours(*arguments):
        caller = next((frame for frame in frames() if is_ours_running(frame)), None)
        if caller:
            print(event, arguments, "in", caller.f_code.co_filename)

def is_ours_running(frame):
    return frame.f_code.co_filename.startswith(ROOT) and "/.venv/" not in frame.f_code.co_filename

def is_ours(path, mode, flags):
    is_written = bool(flags & (os.O_WRONLY | os.O_RDWR))
    return is_written and not isinstance(path, int) and "__pycache__" not in str(path)

def frames():
    frame = sys._getframe(1)
    while frame:
        yield frame
        frame = frame.f_back

sys.addaudithook(watch)
for module in sys.argv[1:]:
    importlib.import_module(module)
if threading.active_count() > 1:
    print("threads:", threading.enumerate())
asyncio.events._get_running_loop() and print("a loop runs")
"""


def test_services_have_no_words_for_consumers():
    """What a consumer reads is in bot/texts: no service formats a date for people, or knows of markup."""
    for path in files("services"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not {"babel", "gettext"} & packages(path), path
        for words in _sentences(tree):
            assert not any(sign in words for sign in ("/start", "/help", "<b>", "Tap ", "👋", "✓")), (path, words)


def test_only_refusals_speak_in_services():
    """A sentence stands in services/errors, or is what a refusal, a start or an import says to whoever runs us."""
    speaking = {
        "errors.py",
        "importing.py",
        "file.py",
        "records.py",
    }
    for path in files("services"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if path.name in speaking:
            continue
        raised = {id(text) for node in ast.walk(tree) if isinstance(node, ast.Raise) for text in ast.walk(node)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value.endswith((".", "!", "?"))
            ):
                is_said = id(node) in raised or node.value in _docstrings(tree)
                assert is_said or "\n" in node.value, (path, node.value)


def _sentences(tree: ast.AST) -> list[str]:
    docstrings = _docstrings(tree)
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docstrings
    ]


def _docstrings(tree: ast.AST) -> set[str]:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {ast.get_docstring(node, clean=False) or "" for node in ast.walk(tree) if isinstance(node, documented)}
