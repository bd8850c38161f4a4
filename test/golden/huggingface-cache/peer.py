"""Hugging Face's own client beside ours, on one cache.

Run: python peer.py fetch MODEL PATTERN...   fetches from HF_ENDPOINT into HF_HUB_CACHE
     python peer.py read MODEL [PATTERN...]  reads HF_HUB_CACHE alone
     python peer.py layout MODEL             what lies in the model's folder
Each prints one JSON value. layouts.json holds what `layout` prints after `fetch` of test/few-files.ts from
test/loopback-hub.ts, with symbolic links and without; `npm run test:python` makes it anew and compares.
Versions: huggingface_hub 2.4.0.
"""
import hashlib
import json
import os
import sys
import warnings
from pathlib import Path

from huggingface_hub import constants, scan_cache_dir, snapshot_download
from huggingface_hub.utils import logging

command, model, *patterns = sys.argv[1:]
said = []
warnings.showwarning = lambda message, *_: said.append(str(message))
logging.get_logger().addHandler(type("Keep", (__import__("logging").Handler,), {"emit": lambda _, record: said.append(record.getMessage())})())


def contents(folder):
    return {name: hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest() for name in sorted(os.listdir(folder))}


if command == "fetch":
    folder = snapshot_download(model, allow_patterns=patterns)
    print(json.dumps({"files": contents(folder), "said": said}))
elif command == "read":
    folder = snapshot_download(model, allow_patterns=patterns or None, local_files_only=True)
    cache = scan_cache_dir()
    repos = [
        {
            "id": repo.repo_id,
            "revisions": [
                {"commit": each.commit_hash, "refs": sorted(each.refs), "files": sorted(file.file_name for file in each.files)}
                for each in repo.revisions
            ],
        }
        for repo in cache.repos
    ]
    incomplete = len(getattr(cache, "incomplete_files", []))
    print(
        json.dumps(
            {
                "files": contents(folder),
                "repos": repos,
                "warnings": [str(each) for each in cache.warnings],
                "incomplete": incomplete,
                "said": said,
            }
        )
    )
else:
    top = Path(constants.HF_HUB_CACHE) / ("models--" + model.replace("/", "--"))
    layout = {}
    for path in sorted(top.rglob("*")):
        name = path.relative_to(top).as_posix()
        # Their list of the hub's files, by which they can tell that theirs are all; an extra of newer versions.
        if path.is_dir() and not path.is_symlink() or name.startswith("trees/"):
            continue
        link = path.is_symlink()
        layout[name] = "-> " + os.readlink(path) if link else hashlib.sha256(path.read_bytes()).hexdigest()
    print(json.dumps(layout))
