import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { MalformedInput, Unsupported } from "../errors.js";
import { readJson, writeJson } from "../files.js";
import { hashValue } from "../hash-file.js";
import { Blobs } from "./blobs.js";
import type { Catalogue, NewModel } from "./catalogue.js";
import { type Manifest, manifest } from "./manifest.js";
import { fullName, sameName } from "./model-name.js";
import { readModel } from "./read-model.js";
import type { ServedModel } from "./served-model.js";

/** The models of projects; asked for again whenever they are listed, as a training may have made them anew. */
export type ProjectModels = () => Promise<ServedModel[]>;

/**
 * The models of all projects, and those that clients made of them or uploaded.
 *
 * @param folder where the latter are kept; made when there are any
 */
export async function openCatalogue(folder: string, projectModels: ProjectModels): Promise<Catalogue> {
  const blobs = new Blobs(join(folder, "blobs"));
  const manifests = join(folder, "models");
  const pathOf = (name: string) => join(manifests, `${encodeURIComponent(name.toLowerCase())}.json`);

  const readManifests = async (): Promise<Manifest[]> => {
    const names = await readdir(manifests).catch(() => []);
    const read = names
      .filter((name) => name.endsWith(".json"))
      // One that somebody broke by hand does not keep the others from being served.
      .map((name) =>
        readJson(join(manifests, name), "serve")
          .then((value) => manifest.parse(value))
          .catch(() => undefined),
      );
    return (await Promise.all(read)).filter((each) => each !== undefined);
  };

  const list = async (): Promise<ServedModel[]> => {
    const ofProjects = await projectModels();
    const made: ServedModel[] = [];
    for (const each of await readManifests()) {
      const model = await resolve(each, ofProjects);
      if (model && !ofProjects.some(({ name }) => sameName(name, model.name))) made.push(model);
    }
    return [...ofProjects, ...made].sort((a, b) => b.modifiedAt.getTime() - a.modifiedAt.getTime());
  };

  /** A manifest as a model; undefined where what it was made from is gone. */
  const resolve = async (
    made: Manifest,
    ofProjects: readonly ServedModel[],
  ): Promise<ServedModel | undefined> => {
    const { name, system, messages, parameters, license, parent } = made;
    const from =
      "model" in made.from
        ? ofProjects.find((each) => sameName(each.name, (made.from as { model: string }).model))
        : { gguf: blobs.path(made.from.blob), adapter: null, tuned: false };
    const adapter = made.adapter === null ? from?.adapter : blobs.path(made.adapter);
    if (!from || adapter === undefined) return undefined;
    const sizes = [from.gguf, ...(adapter === null ? [] : [adapter])].map((path) => stat(path));
    const sizeBytes = await Promise.all(sizes).then(
      (all) => all.reduce((sum, { size }) => sum + size, 0),
      () => undefined,
    );
    if (sizeBytes === undefined) return undefined;
    return {
      name,
      gguf: from.gguf,
      adapter,
      digest: hashValue(made),
      sizeBytes,
      modifiedAt: new Date(made.modifiedAt),
      system,
      messages,
      parameters,
      license,
      parent,
      tuned: made.tuned || from.tuned || adapter !== null,
      ofProject: false,
    };
  };

  const find = async (name: string): Promise<ServedModel | undefined> => {
    const full = fullName(name);
    return full === undefined ? undefined : (await list()).find((each) => sameName(each.name, full));
  };

  /** The full form of a name that a new model may have. */
  const freeName = async (name: string): Promise<string> => {
    const full = fullName(name);
    if (full === undefined) throw new MalformedInput("invalid model name", { stage: "serve" });
    if ((await projectModels()).some((each) => sameName(each.name, full))) {
      const message = `"${full}" is a project's model and stays as it is. Choose another name.`;
      throw new MalformedInput(message, { stage: "serve" });
    }
    return full;
  };

  const manifestOf = async (model: ServedModel): Promise<Manifest | undefined> =>
    (await readManifests()).find(({ name }) => sameName(name, model.name));

  const write = (made: Omit<Manifest, "kouwen" | "modifiedAt">) =>
    writeJson(pathOf(made.name), "serve", { kouwen: 1, ...made, modifiedAt: new Date().toISOString() });

  const prune = async (): Promise<void> => {
    const used = (await readManifests()).flatMap(({ from, adapter }) => [
      ...("blob" in from ? [from.blob] : []),
      ...(adapter === null ? [] : [adapter]),
    ]);
    const needed = new Set(used.map((digest) => blobs.path(digest)));
    await blobs.prune((path) => needed.has(path));
  };

  const create = async (model: NewModel): Promise<void> => {
    const name = await freeName(model.name);
    const parent = "model" in model.from ? await find(model.from.model) : undefined;
    if ("model" in model.from && !parent) {
      throw new MalformedInput(`model '${model.from.model}' not found`, { stage: "serve" });
    }
    const blob = "blob" in model.from ? model.from.blob : model.from.gguf;
    if (parent?.adapter && (model.adapterBlob ?? blob) !== undefined) {
      throw new Unsupported(`"${parent.name}" has an adapter already. Start from the model without one.`, {
        stage: "serve",
      });
    }
    const inherited = parent && !parent.ofProject ? await manifestOf(parent) : undefined;
    const from = blob === undefined ? (inherited?.from ?? { model: parent!.name }) : { blob };
    for (const digest of ["blob" in from ? from.blob : undefined, model.adapterBlob]) {
      if (digest === undefined || (await blobs.has(digest))) continue;
      throw new MalformedInput(`blob ${digest.slice(0, 80)} not found`, { stage: "serve" });
    }
    if ("blob" in from) await readModel(blobs.path(from.blob));
    await write({
      name,
      from,
      adapter: model.adapterBlob ?? inherited?.adapter ?? null,
      system: model.system ?? parent?.system ?? null,
      messages: [...(model.messages ?? parent?.messages ?? [])],
      parameters: { ...parent?.parameters, ...model.parameters } as Manifest["parameters"],
      license: [...(model.license ?? parent?.license ?? [])],
      parent: parent?.name ?? "",
      tuned: parent?.tuned ?? false,
    });
  };

  await prune();
  return {
    list,
    find,
    create,
    copy: async (source, destination) => {
      const model = await find(source);
      if (!model) return false;
      await create({ name: destination, from: { model: model.name } });
      return true;
    },
    remove: async (name) => {
      const model = await find(name);
      if (!model) return false;
      if (model.ofProject) {
        const message = `"${model.name}" belongs to a project and is not removed from here. Remove the project's folder instead.`;
        throw new Unsupported(message, { stage: "serve" });
      }
      await rm(pathOf(model.name), { force: true });
      await prune();
      return true;
    },
    hasBlob: (digest) => blobs.has(digest),
    writeBlob: (digest, bytes) => blobs.write(digest, bytes),
    blobPath: (digest) => blobs.path(digest),
  };
}
