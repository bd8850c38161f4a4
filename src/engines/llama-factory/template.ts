import type { ModelConfig } from "../../formats/model-config.js";
import { type ChatTemplate, templateFor } from "../../formats/template/chat-template.js";
import { loadTokenizer } from "../../formats/tokenizer/tokenizer.js";

/**
 * A base's chat template, and the name of LLaMA-Factory's that writes the same: not `qwen`, which adds a system text, nor
 * `qwen3` and `deepseekr1`, which add empty thoughts to every reply.
 *
 * @throws {Unsupported} the base's tokenizer has the marks of no template that we know
 */
export async function readTemplate(
  base: string,
  { architecture }: ModelConfig,
  stage: string,
): Promise<{ template: ChatTemplate; name: string }> {
  const template = templateFor(await loadTokenizer(base, stage), stage);
  const chatml = architecture === "qwen3" ? "qwen3_nothink" : "chatml";
  return { template, name: template.id === "deepseek3" ? "deepseek3" : chatml };
}
