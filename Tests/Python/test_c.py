"""The C interface, from C."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from conftest import ROOT

PROGRAM = r"""
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cinch.h"

static void *project;

static void *count(void *unused) {
    for (int i = 0; i < 50; i++)
        cinch_free(cinch_invoke(project,
            "{\"method\": \"PATCH\", \"path\": \"/v1/db/shop/branch/main/tenant/acme/kv/n\","
            " \"body\": {\"increment\": 1}}"));
    return unused;
}

int main(int argc, char **argv) {
    char *error = NULL;
    if (cinch_open("/nowhere/at/all", &error) || !error) return 2;
    cinch_free(error);
    error = NULL;
    if (cinch_open("/nowhere/at/all", NULL)) return 3;
    project = cinch_open(argv[1], &error);
    if (!project || error) return 4;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, count, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    for (int i = 2; i < argc; i++) {
        char *answer = cinch_invoke(project, argv[i]);
        puts(answer);
        cinch_free(answer);
    }
    cinch_free(NULL);
    cinch_close(project);
    return strlen(cinch_version()) > 4 ? 0 : 5;
}
"""


def test_a_program_in_c(project: Path, tmp_path: Path) -> None:
    library = Path(os.environ.get("CINCH_LIBRARY", ROOT / ".build" / "debug" / "libCinchC.so"))
    (tmp_path / "program.c").write_text(PROGRAM)
    program = tmp_path / "program"
    subprocess.run(
        ["gcc", "-Wall", "-Werror", "-pthread", f"-I{ROOT}/Sources/CinchC/include", "-o", program]
        + [tmp_path / "program.c", library, f"-Wl,-rpath,{library.parent}"],
        check=True,
    )
    requests = [
        '{"method": "GET", "path": "/v1/db/shop/branch/main/tenant/acme/kv/n"}',
        '{"method": "GET", "path": "/v1/nope"}',
        "not JSON",
    ]
    done = subprocess.run([program, project, *requests], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["status"] for answer in answers] == [200, 404, 400]
    assert answers[0]["body"]["value"] == 200 and answers[1]["body"]["code"] == "not-found"
