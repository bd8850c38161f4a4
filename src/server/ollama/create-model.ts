import { openGguf } from "../../formats/gguf/read.js";
import type { Run } from "../../progress.js";
import type { NewModel } from "../../serve/catalogue.js";
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
  if (type && parent?.adapter) {
    throw new HttpError(
      400,
      `"${parent.name}" has an adapter, which quantizing would drop. Leave quantize out, or merge the adapter first.`,
    );
  }
  const uploaded = parent ? undefined : await readBlob(catalogue, files!, "model");
  const adapter = adapters && (await readBlob(catalogue, adapters, "adapter"));

  const source = uploaded ? catalogue.blobPath(uploaded.digest) : parent!.gguf;
  if (request.template !== "") await checkTemplate(source, request.template);

  if (uploaded) yield { status: "parsing GGUF" };
  if (adapter) yield { status: "parsing GGUF" };
  const smaller = type && (yield* quantizeBlob(parts, source, type, run));
  const model: NewModel = {
    name,
    from: uploaded
      ? { blob: smaller ?? uploaded.digest }
      : { model: parent!.name, ...(smaller !== undefined && { gguf: smaller }) },
    ...(adapter && { adapterBlob: adapter.digest }),
    ...(system !== "" && { system }),
    ...(messages.length > 0 && { messages }),
    parameters,
    ...(license.length > 0 && { license }),
  };
  await catalogue.create(model);
  yield { status: "writing manifest" };
  yield { status: "success" };
}

/** @throws {HttpError} 400: it is not the template that the model was trained with */
async function checkTemplate(gguf: string, template: string): Promise<void> {
  const file = await openGguf(gguf, "serve");
  await file.close();
  if (template === templateText(file.metadata)) return;
  throw new HttpError(400, "a model keeps the template that it was trained with. Leave template out.");
}
