"""What LLaMA Board 0.9.5 would start from a prepared folder: prints its arguments as JSON.

    python llama-board.py        in a folder of kouwen train --engine llamafactory --prepare-only
"""

import json

import gradio as gr
import yaml
from llamafactory.webui.components import create_top, create_train_tab
from llamafactory.webui.engine import Engine

engine = Engine(demo_mode=False, pure_chat=False)
with gr.Blocks():
    engine.manager.add_elems("top", create_top())
    engine.manager.add_elems("train", create_train_tab(engine))
with open("llamaboard_config/wechat_info_train.yaml", encoding="utf-8") as file:
    loaded = yaml.safe_load(file)
data = {element: element.value for element in engine.manager.get_elem_list() if hasattr(element, "value")}
data.update({engine.manager.get_elem_by_id(name): value for name, value in loaded.items()})
data[engine.manager.get_elem_by_id("train.output_dir")] = "kouwen"
print(json.dumps(engine.runner._parse_train_args(data), default=str))
