import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { chatSettings } from "../chat/settings.js";
import { KouwenError } from "../errors.js";
import { hashValue } from "../hash-file.js";
import type { ServedModel } from "../serve/served-model.js";
import { contactSystems } from "./contact-systems.js";
import { modelSlug } from "./model-slug.js";
import { ownerName } from "./owner-name.js";
import { type Artifact, artifactPath } from "./paths.js";
import { isProject, readProject } from "./project-file.js";
import { resolveSettings } from "./settings.js";
import { slug, slugBeside } from "./slug.js";

/** What a project offers, by the ending of the name; the tuned ones first. */
const MODELS: readonly { ending: string; file: Artifact; adapter?: Artifact; tuned: boolean }[] = [
  { ending: "q4", file: "modelQ4", tuned: true },
  { ending: "f16", file: "modelF16", tuned: true },
  { ending: "lora", file: "baseF16", adapter: "adapterGguf", tuned: true },
  { ending: "base", file: "baseF16", tuned: false },
  { ending: "base-q4", file: "baseQ4", tuned: false },
];
/** The tag of a model that is told what most dialogues were told. */
const USUAL = "latest";

/** What of projects is offered, and how. */
export type Offer = {
  /** Also one of each tuned file for every contact, tagged with the contact's name. */
  perContact: boolean;
  /** Tokens of a conversation unless a request says otherwise. */
  contextTokens: number;
};

/** The folders of all projects in a folder. */
export async function projectsIn(home: string): Promise<string[]> {
  const names: string[] = await readdir(home).catch(() => []);
  const folders = names.sort().map((name) => join(home, name));
  const are = await Promise.all(folders.map(isProject));
  return folders.filter((_, at) => are[at]);
}

/**
 * The models that projects hold, as they are served: tuned ones as F16, Q4_K_M and adapter on the base, and the base
 * itself. Each is told what it was told in training for the contact with most dialogues.
 *
 * @param leaveOut told of a project whose files are broken, which is then left out
 * @throws {KouwenError} the files of a project are broken, and nobody is told of it
 */
export async function projectModels(
  projects: readonly string[],
  offer: Offer,
  leaveOut?: (folder: string, error: KouwenError) => void,
): Promise<ServedModel[]> {
  const models: ServedModel[] = [];
  const taken = new Set<string>();
  const isTaken = (person: string) => namesOf(person).some((name) => taken.has(name));
  for (const project of projects) {
    const own = modelSlug(await ownerName(project, "serve"), project);
    const folder = basename(project);
    const person = isTaken(own) ? slugBeside(`${own}-${slug(folder)}`, folder, isTaken) : own;
    for (const name of namesOf(person)) taken.add(name);
    try {
      models.push(...(await modelsOf(project, person, offer)));
    } catch (error) {
      if (!leaveOut || !(error instanceof KouwenError)) throw error;
      leaveOut(folder, error);
    }
  }
  return models;
}

async function modelsOf(
  project: string,
  person: string,
  { perContact, contextTokens }: Offer,
): Promise<ServedModel[]> {
  const { settings } = await readProject(project);
  const { values } = resolveSettings("chat", chatSettings, settings["chat"] ?? {}, {});
  const systems = await contactSystems(artifactPath(project, "dialogues"), "serve");
  const usual = values.system || [...systems.values()][0] || "";
  const told = new Map([[USUAL, usual]]);
  for (const [tag, contact] of perContact ? contactTags(systems.keys()) : []) {
    told.set(tag, systems.get(contact)!);
  }
  const parameters = {
    temperature: values.temperature,
    top_p: values.topP,
    repeat_penalty: values.repeatPenalty,
    num_ctx: contextTokens,
  };
  const models: ServedModel[] = [];
  for (const { ending, file, adapter, tuned } of MODELS) {
    const paths = [file, ...(adapter ? [adapter] : [])].map((artifact) => artifactPath(project, artifact));
    const stats = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
    if (stats.some((found) => !found)) continue;
    const files = stats.map((found) => [found!.size, found!.mtimeMs]);
    for (const [tag, system] of told) {
      if (!tuned && tag !== USUAL) continue;
      const name = `${person}-${ending}:${tag}`;
      models.push({
        name,
        gguf: paths[0]!,
        adapter: paths[1] ?? null,
        digest: hashValue([name, files, system, parameters]),
        sizeBytes: stats.reduce((sum, found) => sum + found!.size, 0),
        modifiedAt: new Date(Math.max(...stats.map((found) => found!.mtimeMs))),
        system: system === "" ? null : system,
        messages: [],
        parameters,
        license: [],
        parent: "",
        tuned,
        ofProject: true,
      });
    }
  }
  return models;
}

/** Contacts by the tag of their models; a tag is one contact's, and never the usual one. */
export function contactTags(contacts: Iterable<string>): Map<string, string> {
  const tags = new Map<string, string>();
  for (const contact of contacts) {
    const tag = slugBeside(slug(contact), contact, (each) => each === USUAL || tags.has(each));
    tags.set(tag, contact);
  }
  return tags;
}

function namesOf(person: string): string[] {
  return MODELS.map(({ ending }) => `${person}-${ending}`);
}
