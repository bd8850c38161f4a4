"""Golden token ids: what Hugging Face's tokenizers library makes of corpus.json, and vocabularies cut down to it.

Run: python make-golden.py VOCABULARIES [OUT.jsonl]
  VOCABULARIES  folders qwen2, qwen3, deepseek as make-vocabularies.py writes them, and smollm: SmolLM2-135M-Instruct
  OUT.jsonl     also write ids for many random texts with the whole vocabularies, for test/check-tokenizers.ts
Writes <family>.json: the tokenizer without the tokens and merges that the corpus does not need, ids unchanged; `plain`
holds the ids of each text when nothing typed is special, `special` those that differ when special tokens are read.
Unpaired surrogates count as U+FFFD, as UTF-8 cannot hold them.
Versions: tokenizers 0.22.2.
"""
import json
import random
import re
import sys
from pathlib import Path

from tokenizers import Tokenizer

here = Path(__file__).parent
source = Path(sys.argv[1])
corpus = json.loads((here / "corpus.json").read_text(encoding="utf-8"))
texts = [text for group, values in corpus.items() if group != "bytes" for text in values]
texts += [bytes.fromhex(text).decode("utf-8", "replace") for text in corpus["bytes"]]
# Texts of ../template, whose ids are another golden.
dialogues = json.loads((here.parent / "template" / "conversations.json").read_text(encoding="utf-8"))
others = [text for each in dialogues for text in (each["system"] or "", *each["turns"])]
others += ["system\n", "user\n", "assistant\n", "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."]


def clean(text):
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


class Family:
    def __init__(self, name):
        self.json = json.loads((source / name / "tokenizer.json").read_text(encoding="utf-8"))
        self.config = json.loads((source / name / "tokenizer_config.json").read_text(encoding="utf-8"))
        # Older files, and ours, keep a merge as one text.
        self.json["model"]["merges"] = [
            merge if isinstance(merge, str) else " ".join(merge) for merge in self.json["model"]["merges"]
        ]
        self.special = Tokenizer.from_str(json.dumps(self.json))
        self.plain = Tokenizer.from_str(json.dumps({**self.json, "added_tokens": []}))

    def encode(self, text):
        return (
            self.plain.encode(clean(text), add_special_tokens=False).ids,
            self.special.encode(clean(text), add_special_tokens=False).ids,
        )

    def words(self, text):
        text = self.plain.normalizer.normalize_str(text) if self.plain.normalizer else text
        return [word for word, _ in self.plain.pre_tokenizer.pre_tokenize_str(text)]


def used_merges(words, ranks):
    """Merges that byte-pair encoding applies to these words: with them alone it ends at the same tokens."""
    used = set()
    for word in words:
        symbols = list(word)
        while True:
            pairs = [(ranks.get(f"{a} {b}", len(ranks)), at) for at, (a, b) in enumerate(zip(symbols, symbols[1:]))]
            rank, at = min(pairs, default=(len(ranks), 0))
            if rank == len(ranks):
                break
            used.add(f"{symbols[at]} {symbols[at + 1]}")
            symbols[at : at + 2] = [symbols[at] + symbols[at + 1]]
    return used


def cut(family, marks):
    merges = family.json["model"]["merges"]
    ranks = {merge: rank for rank, merge in enumerate(merges)}
    # Special tokens cut a text where they are read, and not where they are not.
    parts = [part for text in texts + others for part in (text, *marks.split(text))]
    used = used_merges({word for part in parts for word in family.words(clean(part))}, ranks)
    # Some of the most frequent ones as well, for texts beyond the corpus.
    kept = [merge for rank, merge in enumerate(merges) if rank < 400 or merge in used]
    vocab = family.json["model"]["vocab"]
    names = {token["content"] for token in family.json["added_tokens"]}
    tokens = {merge.replace(" ", "") for merge in kept} | {token for token in vocab if len(token) == 1 or token in names}
    tokens = {token: vocab[token] for token in sorted(tokens, key=vocab.get)}
    return {**family.json, "model": {**family.json["model"], "vocab": tokens, "merges": kept}}


def random_text(rng):
    """A few pieces, from the corpus, from blocks of Unicode, or any characters at all."""
    pieces = []
    for _ in range(rng.randint(1, 6)):
        kind = rng.random()
        if kind < 0.4:
            text = rng.choice(texts)
            start = rng.randrange(len(text) + 1)
            pieces.append(text[start : start + rng.randint(1, 12)])
        elif kind < 0.7:
            start = rng.choice([0, 0x80, 0x300, 0x590, 0x900, 0x2000, 0x3000, 0x4E00, 0xAC00, 0xFE00, 0x1F300, 0x20000])
            pieces.append("".join(chr(start + rng.randrange(0x100)) for _ in range(rng.randint(1, 5))))
        elif kind < 0.9:
            pieces.append(rng.choice([" ", "\n", "\t", "\r\n", "  ", "'s", "'LL", "\u3000", "\u0085", "\ufeff"]))
        else:
            pieces.append("".join(chr(rng.randrange(0x110000)) for _ in range(rng.randint(1, 4))))
    return clean("".join(pieces))


out = open(sys.argv[2], "w", encoding="utf-8") if len(sys.argv) > 2 else None
families = {name: Family(name) for name in ("qwen2", "qwen3", "deepseek", "smollm")}
names = {token["content"] for family in families.values() for token in family.json["added_tokens"]}
marks = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
for name, family in families.items():
    both = [family.encode(text) for text in texts]
    special = {place: special for place, (plain, special) in enumerate(both) if plain != special}
    small = {"tokenizer": cut(family, marks), "config": family.config, "plain": [plain for plain, _ in both], "special": special}
    if name in ("qwen3", "deepseek"):
        # The same vocabulary and, where nothing is special, the same ids.
        qwen2 = json.loads((here / "qwen2.json").read_text(encoding="utf-8"))
        assert small["plain"] == qwen2["plain"] and small["tokenizer"]["model"] == qwen2["tokenizer"]["model"]
        small["tokenizer"]["model"] = small["plain"] = "qwen2"
    for key in ("additional_special_tokens", "added_tokens_decoder", "chat_template"):
        small["config"].pop(key, None)
    (here / f"{name}.json").write_text(json.dumps(small, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    if out:
        rng = random.Random(name)
        for _ in range(20_000):
            text = random_text(rng)
            plain, special = family.encode(text)
            out.write(json.dumps({"family": name, "text": text, "plain": plain, "special": special}) + "\n")
