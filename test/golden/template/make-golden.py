"""Golden ids and labels of dialogues, by LLaMA-Factory's own templates and its own processor for supervised training.

Run: DISABLE_VERSION_CHECK=1 python make-golden.py VOCABULARIES
  VOCABULARIES  folders qwen2, qwen3, deepseek as ../tokenizer/make-vocabularies.py writes them
Writes <template>.json for the dialogues of conversations.json: `ids`, and `labels` with -100 where there is no loss.
Versions: llamafactory 0.9.5, transformers 5.6.0, tokenizers 0.22.2.
"""
import json
import sys
from pathlib import Path

from llamafactory.data.processor.supervised import SupervisedDatasetProcessor
from llamafactory.data.template import get_template_and_fix_tokenizer
from llamafactory.hparams import DataArguments
from transformers import PreTrainedTokenizerFast

here = Path(__file__).parent
conversations = json.loads((here / "conversations.json").read_text(encoding="utf-8"))
for name, family in (("deepseek3", "deepseek"), ("qwen", "qwen2"), ("qwen3_nothink", "qwen3")):
    tokenizer = PreTrainedTokenizerFast.from_pretrained(Path(sys.argv[1], family))
    data_args = DataArguments(template=name, cutoff_len=4096)
    template = get_template_and_fix_tokenizer(tokenizer, data_args)
    processor = SupervisedDatasetProcessor(template=template, tokenizer=tokenizer, processor=None, data_args=data_args)
    golden = []
    for conversation in conversations:
        messages = [
            {"role": ("user", "assistant")[place % 2], "content": text}
            for place, text in enumerate(conversation["turns"])
        ]
        ids, labels = processor._encode_data_example(messages[:-1], messages[-1:], conversation["system"], None, [], [], [])
        golden.append({"ids": ids, "labels": labels})
    (here / f"{name}.json").write_text(json.dumps(golden).replace("}, {", "},\n{") + "\n", encoding="utf-8")
