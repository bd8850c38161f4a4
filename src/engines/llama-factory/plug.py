"""Starts LLaMA-Factory 0.9.5 with what Kouwen adds to it. Runs in the folder that Kouwen prepared.

    python plug.py train         trains as train.yaml says, by LLaMA-Factory's own launcher where several processes do it
    python plug.py train.yaml    one process of such a training
    python plug.py ids           prints the ids and labels of all samples as JSON, as the trainer is fed them
    python plug.py export        merges as export.yaml says
    python plug.py probe         prints the versions and devices as JSON

With --until-stdin-ends a training saves a checkpoint and stops as soon as whoever started it closes stdin or is gone.

A turn's closing newline belongs to the next turn, so it carries no loss here and a sample ends before it: these are the
ids that the model is served. A training whose samples differ from samples.json stops before its first step.
"""

import json
import logging
import os
import re
import sys
import threading
from pathlib import Path

STOP = Path("stop")
IGNORED = -100


def read_tokenizers_as_stored():
    """Reads tokenizer.json as it is.

    transformers 5 goes by the class that tokenizer_config.json names, and for the R1 distills, which name Llama's, makes
    a tokenizer that drops spaces.
    """
    from llamafactory.model import loader
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    class Tokenizers:
        @staticmethod
        def from_pretrained(path, **options):
            stored = os.path.exists(os.path.join(path, "tokenizer.json"))
            return (PreTrainedTokenizerFast if stored else AutoTokenizer).from_pretrained(path, **options)

    loader.AutoTokenizer = Tokenizers


def compute_in_float32_on_processors():
    """Whatever type the base is stored in: a processor is far slower with float16."""
    import torch
    from llamafactory.extras.misc import is_accelerator_available
    from llamafactory.model import loader

    load_config = loader.load_config

    def load(model_args):
        config = load_config(model_args)
        if not is_accelerator_available():
            config.dtype = torch.float32
        return config

    loader.load_config = load


def resume_in_several_processes_on_processors():
    """There transformers calls the devices cpu:0, cpu:1 and so on, which PyTorch puts no stored tensor on."""
    import torch

    torch.serialization.register_package(
        0, lambda storage: None, lambda storage, place: storage if place.startswith("cpu:") else None
    )


def quote_no_chats():
    """Shortens messages about data, in which conversations are quoted as lists and dictionaries."""

    def shorten(record):
        if record.name.startswith("llamafactory.data"):
            record.msg, record.args = re.split(r"[\[{]", record.getMessage())[0], ()
        return True

    for handler in logging.getLogger("llamafactory").handlers:
        handler.addFilter(shorten)


def train_as_served():
    """Takes the loss from what follows a reply's end token; prints no example, as it is chat text."""
    from llamafactory.data.processor.feedback import FeedbackDatasetProcessor
    from llamafactory.data.processor.pairwise import PairwiseDatasetProcessor
    from llamafactory.data.processor.supervised import SupervisedDatasetProcessor

    quote_no_chats()
    read_tokenizers_as_stored()
    encode = SupervisedDatasetProcessor._encode_data_example
    encode_pair = PairwiseDatasetProcessor._encode_data_example
    encode_judged = FeedbackDatasetProcessor._encode_data_example

    def encode_as_served(self, *args, **kwargs):
        return end_at_stop(self.tokenizer, *encode(self, *args, **kwargs))

    def encode_pair_as_served(self, *args, **kwargs):
        chosen, chosen_labels, rejected, rejected_labels = encode_pair(self, *args, **kwargs)
        return *end_at_stop(self.tokenizer, chosen, chosen_labels), *end_at_stop(self.tokenizer, rejected, rejected_labels)

    def encode_judged_as_served(self, *args, **kwargs):
        ids, labels, other, other_labels, good = encode_judged(self, *args, **kwargs)
        return *end_at_stop(self.tokenizer, ids, labels), *end_at_stop(self.tokenizer, other, other_labels), good

    SupervisedDatasetProcessor._encode_data_example = encode_as_served
    PairwiseDatasetProcessor._encode_data_example = encode_pair_as_served
    FeedbackDatasetProcessor._encode_data_example = encode_judged_as_served
    for processor in (SupervisedDatasetProcessor, PairwiseDatasetProcessor, FeedbackDatasetProcessor):
        processor.print_data_example = lambda self, example: None


def end_at_stop(tokenizer, ids, labels):
    """Ids and labels in which nothing between a reply's end token and the next turn carries loss."""
    end = tokenizer.eos_token_id
    for at, id in enumerate(ids):
        if id == end and at + 1 < len(ids) and labels[at] != IGNORED:
            after = at + 1
            while after < len(ids) and labels[after] != IGNORED and tokenizer.decode([ids[after]]).isspace():
                labels[after] = IGNORED
                after += 1
    while labels and labels[-1] == IGNORED:
        ids, labels = ids[:-1], labels[:-1]
    return ids, labels


def new_callback():
    import torch
    from transformers import TrainerCallback

    class Watch(TrainerCallback):
        """Compares the samples, stops on demand with a checkpoint, and notes what the training took."""

        def on_train_begin(self, args, state, control, train_dataloader=None, **kwargs):
            data = train_dataloader.dataset
            wanted = json.loads(Path("samples.json").read_text(encoding="utf-8"))
            if len(data) != len(wanted):
                raise ValueError(f"kouwen: {len(data)} samples instead of {len(wanted)}")
            columns = {name: data[name] for name in wanted[0]}
            for number, sample in enumerate(wanted, 1):
                if any(column[number - 1] != sample[name] for name, column in columns.items()):
                    raise ValueError(f"kouwen: sample {number} has other tokens or labels")
            if args.should_save:
                Path("started").write_text("", encoding="utf-8")

        def on_step_end(self, args, state, control, **kwargs):
            asked = STOP.exists()
            if torch.distributed.is_available() and torch.distributed.is_initialized():
                flag = torch.tensor(float(asked), device=args.device)
                torch.distributed.all_reduce(flag, op=torch.distributed.ReduceOp.MAX)
                asked = flag.item() > 0
            if asked and state.global_step < state.max_steps:
                control.should_save = True
                control.should_training_stop = True

        def on_train_end(self, args, state, control, **kwargs):
            if not args.should_save:
                return
            best = state.best_model_checkpoint
            result = {
                "steps": state.global_step,
                "planned": state.max_steps,
                "best": int(best.rsplit("-", 1)[1]) if best else state.global_step,
                "peakBytes": peak_bytes(),
                "history": state.log_history,
            }
            Path("result.json").write_text(json.dumps(result), encoding="utf-8")

    return Watch()


def peak_bytes():
    import psutil

    memory = psutil.Process().memory_info()
    if hasattr(memory, "peak_wset"):
        return memory.peak_wset
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def train():
    from llamafactory.train.tuner import run_exp

    compute_in_float32_on_processors()
    resume_in_several_processes_on_processors()
    train_as_served()
    run_exp(callbacks=[new_callback()])


def stop_when_stdin_ends():
    def wait():
        # Unbuffered: a thread that waits with Python's own buffer locked makes it abort at exit.
        while os.read(sys.stdin.fileno(), 1):
            pass
        STOP.touch()

    threading.Thread(target=wait, daemon=True).start()


def launch():
    from llamafactory import launcher
    from llamafactory.extras.misc import get_device_count, is_env_enabled, use_ray

    STOP.unlink(missing_ok=True)
    if "--until-stdin-ends" in sys.argv:
        stop_when_stdin_ends()
    if is_env_enabled("FORCE_TORCHRUN") or (get_device_count() > 1 and not use_ray()):
        # The launcher starts its own file in every process; this one stands in for it.
        launcher.__file__ = Path(__file__).name
        sys.argv = ["llamafactory-cli", "train", "train.yaml"]
        launcher.launch()
    else:
        sys.argv = [sys.argv[0], "train.yaml"]
        train()


def print_ids():
    from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
    from llamafactory.hparams import get_train_args
    from llamafactory.model import load_tokenizer
    from omegaconf import OmegaConf

    if "--stock" not in sys.argv:
        train_as_served()
    arguments = OmegaConf.to_container(OmegaConf.load("train.yaml"))
    model, data, training, _, _ = get_train_args(arguments)
    module = load_tokenizer(model)
    template = get_template_and_fix_tokenizer(module["tokenizer"], data)
    found = get_dataset(template, model, data, training, stage="sft", **module)["train_dataset"]
    samples = [{"input_ids": ids, "labels": labels} for ids, labels in zip(found["input_ids"], found["labels"])]
    Path("ids.json").write_text(json.dumps(samples), encoding="utf-8")


def export():
    from llamafactory.train.tuner import export_model

    read_tokenizers_as_stored()
    sys.argv = [sys.argv[0], "export.yaml"]
    export_model()


def probe():
    from importlib.metadata import version

    import torch

    import llamafactory.train.tuner  # noqa: F401  so that a clash of versions shows

    cuda = torch.cuda.is_available()
    found = {
        **{name: version(name) for name in ("llamafactory", "torch", "transformers", "peft")},
        "python": sys.version.split()[0],
        "gpus": torch.cuda.device_count() if cuda else 0,
        "bf16": cuda and torch.cuda.is_bf16_supported(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    import signal

    # Ctrl-C at the terminal reaches this process too; its starter decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    word = sys.argv[1]
    {"train": launch, "ids": print_ids, "export": export, "probe": probe}.get(word, train)()
