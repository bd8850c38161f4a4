"""One training by LLaMA-Factory 0.9.5, as `llamafactory-cli train` does it, with a clock beside it.

    python train.py <arguments.json> <result.json>

The arguments are LLaMA-Factory's own, and `template: bench` is ChatML with the newline after <|im_end|> before the next
turn instead of behind this one: the same tokens as `chatml`, but no label on that newline. The result holds the seconds
of each optimizer step and the ids and labels of all samples in the order of the data set.
"""

import json
import sys
import time

from llamafactory.data.formatter import EmptyFormatter, StringFormatter
from llamafactory.data.template import register_template
from llamafactory.train.tuner import run_exp
from transformers import TrainerCallback

register_template(
    name="bench",
    format_prefix=EmptyFormatter(),
    format_system=StringFormatter(slots=["<|im_start|>system\n{{content}}<|im_end|>"]),
    format_user=StringFormatter(slots=["\n<|im_start|>user\n{{content}}<|im_end|>\n<|im_start|>assistant\n"]),
    format_assistant=StringFormatter(slots=["{{content}}<|im_end|>"]),
    stop_words=["<|im_end|>"],
    replace_eos=True,
)


class Clock(TrainerCallback):
    """From the end of one step to the end of the next, so that everything between them counts."""

    def __init__(self):
        self.last = 0.0
        self.last_cpu = 0.0
        self.seconds = []
        self.cpu_seconds = []
        self.samples = []
        self.losses = []

    def on_train_begin(self, args, state, control, train_dataloader=None, **kwargs):
        data = train_dataloader.dataset
        self.samples = [{"ids": ids, "labels": labels} for ids, labels in zip(data["input_ids"], data["labels"])]
        self.last = time.perf_counter()
        self.last_cpu = time.process_time()

    def on_step_end(self, args, state, control, **kwargs):
        now, cpu = time.perf_counter(), time.process_time()
        self.seconds.append(now - self.last)
        self.cpu_seconds.append(cpu - self.last_cpu)
        self.last, self.last_cpu = now, cpu
        print(f"step {state.global_step}: {self.seconds[-1]:.2f} s", file=sys.stderr, flush=True)

    def on_log(self, args, state, control, logs=None, **kwargs):
        if "loss" in logs:
            self.losses.append({"step": state.global_step, "loss": float(logs["loss"])})


def main():
    arguments_path, result_path = sys.argv[1:]
    with open(arguments_path, encoding="utf-8") as file:
        arguments = json.load(file)
    clock = Clock()
    run_exp(arguments, [clock])
    with open(result_path, "w", encoding="utf-8") as file:
        json.dump(
            {
                "seconds": clock.seconds,
                "cpuSeconds": clock.cpu_seconds,
                "losses": clock.losses,
                "samples": clock.samples,
            },
            file,
        )


main()
