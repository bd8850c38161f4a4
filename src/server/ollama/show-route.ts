import { Hono } from "hono";
import { z } from "zod";
import type { GgufTensor } from "../../formats/gguf/header.js";
import type { GgufMetadata, GgufValue } from "../../formats/gguf/metadata.js";
import { openGguf } from "../../formats/gguf/read.js";
import type { Catalogue } from "../../serve/catalogue.js";
import type { ServedModel } from "../../serve/served-model.js";
import { readBody } from "../read-body.js";
import { capabilities } from "./capabilities.js";
import { details } from "./model-details.js";
import { factsOf } from "./model-facts.js";
import { modelfileText, parametersText } from "./modelfile-text.js";
import { templateText } from "./template-text.js";
import { findModel } from "../find-model.js";
import { offUnlessTold, invalidModelName, modelIsRequired, requireName, text } from "./request-fields.js";

const showRequest = z.object({ model: text, name: text, system: text, verbose: offUnlessTold });

/** The keys that Ollama keeps to itself: one is a name that is shown elsewhere, the other a long text. */
const UNSHOWN = new Set(["general.name", "tokenizer.chat_template"]);

/** All that is known of one model. */
export function showRoute(catalogue: Catalogue): Hono {
  return new Hono().post("/api/show", async (context) => {
    const { model, name, system, verbose } = await readBody(context, showRequest);
    const found = await findModel(catalogue, requireName([model, name], refusal));
    const served = system === "" ? found : { ...found, system };
    const file = await openGguf(served.gguf, "serve");
    await file.close();
    return context.json(describe(served, file, verbose));
  });
}

function refusal(name: string): string {
  return name === "" ? modelIsRequired() : invalidModelName();
}

function describe(
  served: ServedModel,
  file: { metadata: GgufMetadata; tensors: ReadonlyMap<string, GgufTensor> },
  verbose: boolean,
): object {
  const facts = factsOf(file);
  const parameters = parametersText(served);
  const template = templateText(file.metadata);
  return {
    ...(served.license.length > 0 && { license: served.license.join("\n") }),
    modelfile: modelfileText(served, template),
    ...(parameters !== "" && { parameters }),
    ...(template !== "" && { template }),
    ...(served.system !== null && { system: served.system }),
    details: details(served.parent, facts),
    ...(served.messages.length > 0 && { messages: served.messages }),
    model_info: modelInfo(file.metadata, facts.parameters, verbose),
    tensors: [...file.tensors.values()].map(({ name, type, shape }) => ({
      name,
      type,
      shape: shape.toReversed(),
    })),
    capabilities: capabilities(served, facts),
    modified_at: served.modifiedAt.toISOString(),
  };
}

/** Metadata by their names in the file; lists are empty unless asked for, as a vocabulary alone takes megabytes. */
function modelInfo(metadata: GgufMetadata, parameters: number, verbose: boolean): Record<string, unknown> {
  const shown = (value: GgufValue): unknown => {
    if (value.type === "float32") return shortest(value.value);
    if (value.type !== "array") return value.value;
    if (!verbose) return [];
    return value.of === "bool"
      ? Array.from(value.value, (one) => one === 1)
      : Array.from<unknown>(value.value);
  };
  const entries = [...metadata]
    .filter(([key]) => !UNSHOWN.has(key))
    .map(([key, value]): [string, unknown] => [key, shown(value)]);
  return Object.fromEntries([...entries, ["general.parameter_count", parameters]]);
}

/** The number with the fewest digits that is the same float32: 0.00001, not 0.000009999999747378752. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
