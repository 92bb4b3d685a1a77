"""
Runs scripts of several projects one after another in this process, each as if it were called by itself: jobs.json is
a list of {folder, script, arguments, name}. Writes what each printed into jobs.out.json, from the first process.
"""

import contextlib
import io
import json
import os
import pathlib
import runpy
import sys
import time
import traceback

OWN = "model data files augment draws sound evaluate parallel optimizer schedule project train trainer pipeline".split()


def run(job):
    for name in OWN:
        sys.modules.pop(name, None)
    sys.path.insert(0, job["folder"])
    sys.argv = [job["script"], *job["arguments"]]
    printed, began = io.StringIO(), time.perf_counter()
    result = {}
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(str(pathlib.Path(job["folder"]) / job["script"]), run_name="__main__")
    except SystemExit as end:
        if end.code not in (None, 0):
            result["exit"] = str(end.code)
    except Exception as error:
        traceback.print_exc()
        result["error"] = f"{type(error).__name__}: {error}"
    sys.path.pop(0)
    return result | {"printed": printed.getvalue(), "seconds": time.perf_counter() - began}


if __name__ == "__main__":
    path = pathlib.Path(sys.argv[1])
    import torch

    torch.set_num_threads(1)
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        torch.distributed.init_process_group("gloo")
    results = {job["name"]: run(job) for job in json.loads(path.read_text())}
    if os.environ.get("RANK", "0") == "0":
        path.with_suffix(".out.json").write_text(json.dumps(results))
    if torch.distributed.is_initialized():
        torch.distributed.barrier()
        torch.distributed.destroy_process_group()
        # After many groups in one process, gloo's threads are now and then still there when the interpreter takes itself
        # down, which aborts it. All is written: what is left would only be freed.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
