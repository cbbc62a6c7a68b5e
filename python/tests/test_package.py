"""The package as it is installed: types, docs, the command."""

from __future__ import annotations

import ast
import doctest
import importlib.resources
import inspect
import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any, Dict, Iterator, Optional, Tuple

import pytest

import cleartosend as cts
import cleartosend._core


def stub() -> ast.Module:
    return ast.parse((importlib.resources.files(cts) / "_core.pyi").read_text(encoding="utf-8"))


def documented() -> Iterator[Tuple[str, Any, Optional[str]]]:
    """What the stub documents: its name, the object, and the text."""
    for node in stub().body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            found = getattr(cleartosend._core, node.name)
            yield node.name, found, ast.get_docstring(node)
            for inner in node.body if isinstance(node, ast.ClassDef) else []:
                # What Python gives to every object has Python's own words; `__new__` is told by the class.
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("__"):
                    yield f"{node.name}.{inner.name}", getattr(found, inner.name), ast.get_docstring(inner)


def test_the_stub_says_what_help_says() -> None:
    names = 0
    for name, found, text in documented():
        assert text, f"{name} has no docstring in the stub"
        # Lines are broken where each file breaks them.
        assert str(inspect.getdoc(found)).split() == text.split(), name
        names += 1
    assert names > 90


def test_docstrings_are_true() -> None:
    assert doctest.testmod(cts).attempted >= 4
    assert doctest.testmod(cts).failed == 0


def test_the_package_is_typed_and_self_contained() -> None:
    package = importlib.resources.files(cts)
    assert (package / "py.typed").is_file()
    requires = importlib.import_module("importlib.metadata").requires("cleartosend")
    assert not requires
    assert all(hasattr(cts, name) for name in cts.__all__)


def script() -> str:
    return str(Path(sysconfig.get_path("scripts")) / ("cts.exe" if sys.platform == "win32" else "cts"))


def run(*arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([script(), *arguments], input=given, capture_output=True, check=False)


def test_the_command_has_its_exit_codes(root: Path, engine: cts.Engine) -> None:
    for name, code in (("clean-campaign", 0), ("spring-sale", 1), ("missing-facts", 3)):
        document = root / "examples" / f"{name}.json"
        done = run("check", "--json", str(document))
        assert (done.returncode, done.stderr) == (code, b"")
        assert done.stdout.decode() == engine.check(document.read_bytes()).to_json() + "\n"
    done = run("check", "-", given=b"{")
    assert (done.returncode, done.stdout) == (2, b"") and b"[facts/truncated]" in done.stderr
    assert run("bogus").returncode == 2
    assert run("--version").stdout.decode() == f"cts {cts.__version__}\n"
    assert b"Usage: cts" in run("--help").stdout


def test_the_command_runs_as_a_module(root: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "cleartosend", "check", str(root / "examples" / "spring-sale.json")], capture_output=True, check=False)
    assert done.returncode == 1 and done.stdout.startswith(b"DENY")


def test_who_reads_the_command_may_stop(root: Path) -> None:
    """A closed pipe changes nothing of the answer."""
    with subprocess.Popen([script(), "pack", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert (process.wait(timeout=30), process.stderr.read()) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_an_interruption_ends_the_command_as_any_program() -> None:
    with subprocess.Popen([script(), "check", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stderr is not None
        # More than a pipe holds: when it is written, the command has begun to read.
        process.stdin.write(b" " * 100_000)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == -signal.SIGINT
        assert process.stderr.read() == b""


def fences(text: str) -> Iterator[Tuple[str, str]]:
    """Each example in Python, and what stands in the fence after it as its output, if it is one."""
    for code, shown in re.findall(r"```python\n(.*?)```(?:\n\n(?:prints|which prints)[^\n]*\n\n```text\n(.*?)```)?", text, re.DOTALL):
        yield code, shown


@pytest.mark.parametrize("page", ["README.md", "python/README.md", "docs/python.md"])
def test_examples_on_pages_run_and_print_what_they_say(root: Path, page: str, tmp_path: Path) -> None:
    found = list(fences((root / page).read_text(encoding="utf-8")))
    assert found, "there is no example"
    told: Dict[str, str] = {}
    for number, (code, shown) in enumerate(found):
        # Examples of a page go on from each other.
        told["code"] = told.get("code", "") + code
        if not shown:
            continue
        place = tmp_path / f"{number}.py"
        place.write_text(code, encoding="utf-8")
        done = subprocess.run([sys.executable, str(place)], capture_output=True, cwd=root, check=False, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        assert done.stdout == shown, page
    place = tmp_path / "all.py"
    place.write_text(told["code"], encoding="utf-8")
    done = subprocess.run([sys.executable, str(place)], capture_output=True, cwd=root, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("example", sorted((Path(__file__).resolve().parents[2] / "examples" / "python").glob("*.py")), ids=lambda path: path.stem)
def test_example_programs_run(root: Path, example: Path) -> None:
    done = subprocess.run([sys.executable, str(example)], capture_output=True, cwd=root, check=False, encoding="utf-8", env={**os.environ, "PYTHONWARNINGS": "error"})
    assert done.returncode == 0, done.stderr
    shown = example.with_suffix(".out").read_text(encoding="utf-8")
    assert done.stdout == shown


def test_types_of_the_document_have_the_members_of_the_schema(engine: cts.Engine) -> None:
    from cleartosend import campaign as types

    schema = engine.schema()["properties"]
    # A name with `$` is none that a class can give to a member; it says nothing to the engine.
    assert set(types.CampaignDocument.__annotations__) == set(schema) - {"$schema"}
    for name in ("Provider", "Access", "Account", "Campaign", "Recipient"):
        assert set(getattr(types, name).__annotations__) == set(schema[name.lower()]["properties"])
    assert json.dumps(sorted(types.Intermediary.__annotations__)) == json.dumps(sorted(schema["intermediaries"]["items"]["properties"]))


def test_a_source_tree_is_scanned(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"dependencies": {"@whiskeysockets/baileys": "^6.7.0"}}')
    report = cts.scan(tmp_path)
    assert [(found["name"], found["status"]) for found in report["findings"]] == [("@whiskeysockets/baileys", "unofficial")]
    assert cts.scan(str(tmp_path), exclude=["package.json"], at="2026-03-02")["findings"] == []
    with pytest.raises(cts.Error) as refused:
        cts.scan(tmp_path / "no-such-tree")
    assert refused.value.code == "scan/unreadable-root"
    with pytest.raises(ValueError, match="expected a date"):
        cts.scan(tmp_path, at="tomorrow")
