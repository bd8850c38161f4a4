import { openGguf } from "../../formats/gguf/read.js";
import type { Run } from "../../progress.js";
import type { NewModel } from "../../serve/catalogue.js";
import type { ServedModel } from "../../serve/served-model.js";
import { HttpError } from "../http-error.js";
import type { ServerParts } from "../server-parts.js";
import type { CreateRequest } from "./create-route.js";
import { checkOptions } from "./model-options.js";
import { type StatusLine, quantizeBlob, quantizedType } from "./quantize-blob.js";
import { readBlob } from "./read-blob.js";
import { templateText } from "./template-text.js";
import { findModel } from "../find-model.js";

/**
 * Makes a model as a request describes it, with a line about each step. All that can be seen to be wrong is refused
 * before the first.
 *
 * @throws {HttpError} 400, 404: what it is to be made of is not there, or nothing that a model is made of here
 */
export async function* createModel(
  parts: ServerParts,
  name: string,
  request: CreateRequest,
  run: Run,
): AsyncGenerator<StatusLine, void> {
  const { catalogue } = parts;
  const { from, files, adapters, system, messages, license } = request;
  if (from === "" && files === undefined) throw new HttpError(400, "neither 'from' or 'files' was specified");
  const parameters = checkOptions(request.parameters);
  const type = quantizedType(request.quantize === "" ? request.quantization : request.quantize);
  const parent = from === "" ? undefined : await findModel(catalogue, from);
  const uploaded = parent ? undefined : await readBlob(catalogue, files!, "model");
  const adapter = adapters && (await readBlob(catalogue, adapters, "adapter"));

  const source = uploaded ? catalogue.blobPath(uploaded.digest) : parent!.gguf;
  if (request.template !== "") await checkTemplate(source, request.template);

  if (uploaded) yield { status: "parsing GGUF" };
  if (adapter) yield { status: "parsing GGUF" };
  const smaller = type && (yield* quantizeBlob(parts, source, type, run));
  const blob = smaller ?? uploaded?.digest;
  const model: NewModel = {
    name,
    from: blob === undefined ? { model: parent!.name } : { blob },
    // A smaller one of the same model is told and set as that one is.
    ...(smaller !== undefined && parent && wordsOf(parent)),
    ...(adapter && { adapterBlob: adapter.digest }),
    ...(system !== "" && { system }),
    ...(messages.length > 0 && { messages }),
    parameters: { ...(smaller !== undefined && parent?.parameters), ...parameters },
    ...(license.length > 0 && { license }),
  };
  await catalogue.create(model);
  yield { status: "writing manifest" };
  yield { status: "success" };
}

function wordsOf({ system, messages, license }: ServedModel): Partial<NewModel> {
  return { messages, license, ...(system !== null && { system }) };
}

/** @throws {HttpError} 400: it is not the template that the model was trained with */
async function checkTemplate(gguf: string, template: string): Promise<void> {
  const file = await openGguf(gguf, "serve");
  await file.close();
  if (template === templateText(file.metadata)) return;
  throw new HttpError(400, "a model keeps the template that it was trained with. Leave template out.");
}
