"""Puts the shared library into the package: the one CINCH_LIBRARY names, else one that is built."""

import atexit
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.dist import Distribution

LIBRARY = "libCinchC.so" if os.name == "posix" and os.uname().sysname == "Linux" else "libCinchC.dylib"


def library() -> Path:
    """The shared library to ship."""
    named = os.environ.get("CINCH_LIBRARY")
    if named:
        path = Path(named)
        if not path.is_file():
            raise SystemExit(f"error: CINCH_LIBRARY names '{named}', which is no file\nhint: Name libCinchC.so.")
        return path
    root = Path(__file__).resolve().parents[2]
    if not (root / "Package.swift").is_file() or shutil.which("swift") is None:
        raise SystemExit(
            "error: The shared library can't be built here\n"
            "hint: Install from a checkout with Swift 6.3, or name a built libCinchC.so in CINCH_LIBRARY."
        )
    subprocess.run(["make", "library"], cwd=root, check=True)
    return root / ".build-library" / "release" / LIBRARY


class BuildWithLibrary(build_py):
    def run(self) -> None:
        super().run()
        package = Path(self.build_lib) / "cinchdb"
        package.mkdir(parents=True, exist_ok=True)
        shutil.copy2(library(), package / LIBRARY)


class PlatformDistribution(Distribution):
    """A wheel with a shared library in it is for one platform."""

    def has_ext_modules(self) -> bool:
        return True


# Elsewhere than in the checkout: what is left there would be in the next wheel, whatever became of its source.
folder = tempfile.mkdtemp()
atexit.register(shutil.rmtree, folder, ignore_errors=True)
setup(
    cmdclass={"build_py": BuildWithLibrary},
    distclass=PlatformDistribution,
    options={"build": {"build_base": folder}, "egg_info": {"egg_base": folder}},
)
