import { openGguf } from "../../formats/gguf/read.js";
import type { Catalogue } from "../../serve/catalogue.js";
import { HttpError } from "../http-error.js";

/**
 * The one GGUF blob that a model or an adapter is made of.
 *
 * @param files digests by the names that the files had with the client, which say nothing here
 * @throws {HttpError} 400: not one, not here, or of another kind
 * @throws {MalformedInput} it is no GGUF
 */
export async function readBlob(
  catalogue: Catalogue,
  files: Readonly<Record<string, string>>,
  kind: "model" | "adapter",
): Promise<{ digest: string }> {
  const [file, ...others] = Object.entries(files);
  if (!file) throw new HttpError(400, "no files provided to convert");
  const [name, given] = file;
  if (name.toLowerCase().endsWith(".safetensors")) {
    throw new HttpError(
      400,
      "safetensors are not converted here. Make a GGUF with kouwen gguf, and send that.",
    );
  }
  if (others.length > 0) {
    throw new HttpError(
      400,
      kind === "adapter"
        ? "only one adapter is currently supported"
        : "one GGUF file makes a model. Send no others.",
    );
  }
  const digest = given.replace(/^sha256-/, "sha256:");
  if (!(await catalogue.hasBlob(digest))) throw new HttpError(400, `blob "${digest}" not found`);
  const gguf = await openGguf(catalogue.blobPath(digest), "serve");
  await gguf.close();
  const isAdapter = gguf.metadata.get("general.type")?.value === "adapter";
  if (isAdapter !== (kind === "adapter")) {
    throw new HttpError(
      400,
      isAdapter
        ? "it is an adapter. Send it as adapters, beside from."
        : "it is no adapter. Send it as files.",
    );
  }
  return { digest };
}
