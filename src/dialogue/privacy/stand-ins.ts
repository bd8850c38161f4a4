import { randomBytes } from "node:crypto";
import { access, chmod, mkdir, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { MalformedInput } from "../../errors.js";
import { readJson, writeAtomic } from "../../files.js";
import { PRIVATE_PLACEHOLDERS, type PrivateKind } from "../../private-placeholders.js";
import type { Detector } from "./detector.js";
import { Draw } from "./draw.js";

/** So many draws that meet something taken mean that the form has too few; a digit is then added. */
const DRAWS = 24;
const SECRET_BYTES = 32;

const kinds = Object.keys(PRIVATE_PLACEHOLDERS) as PrivateKind[];
const file = z.object({
  kouwen: z.literal(1),
  secret: z.string().regex(/^[0-9a-f]{64}$/),
  standIns: z.partialRecord(z.enum(kinds), z.record(z.string(), z.string())),
});

/**
 * What stands for what: kept in one file that only its owner may read, and that nothing else holds the originals of.
 *
 * The same original always has the same stand-in, two never share one, and none equals any original. A stand-in is drawn
 * from the file's own secret, so that without the file none can be computed back or tried out.
 */
export class StandIns {
  #secret: Uint8Array;
  #byKind = new Map<PrivateKind, Map<string, string>>();
  #taken = new Set<string>();
  #originals = new Set<string>();
  #asked = new Set<string>();
  #changed = true;

  private constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** None yet, with a new secret. */
  static begin(secret: Uint8Array = randomBytes(SECRET_BYTES)): StandIns {
    return new StandIns(secret);
  }

  /**
   * Those of a file; none yet, if it is not there.
   *
   * @throws {MalformedInput} the file is not as it was written
   */
  static async open(path: string): Promise<StandIns> {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (!there) return StandIns.begin();
    const parsed = file.safeParse(await readJson(path, "dialogue"));
    if (!parsed.success) {
      const name = basename(path);
      throw new MalformedInput(
        `dialogue ${name}: not the file that was written here. Put it back, or remove it: all stand-ins will change.`,
        { stage: "dialogue", path: name },
      );
    }
    const standIns = new StandIns(Buffer.from(parsed.data.secret, "hex"));
    for (const [kind, entries] of Object.entries(parsed.data.standIns)) {
      standIns.#byKind.set(kind as PrivateKind, new Map(Object.entries(entries)));
      for (const [original, standIn] of Object.entries(entries)) {
        standIns.#originals.add(plain(original));
        standIns.#taken.add(plain(standIn));
      }
    }
    standIns.#changed = false;
    return standIns;
  }

  /** The originals of a type. */
  originals(kind: PrivateKind): Iterable<string> {
    return this.#byKind.get(kind)?.keys() ?? [];
  }

  /**
   * Tells what is an original, before any stand-in for it is asked for: no stand-in may equal one. Where one that was
   * given earlier does, its original gets another.
   */
  reserve(originals: Iterable<string>): void {
    const before = this.#originals.size;
    for (const original of originals) this.#originals.add(plain(original));
    if (this.#originals.size === before) return;
    for (const entries of this.#byKind.values()) {
      for (const [original, standIn] of entries) {
        if (!this.#originals.has(plain(standIn))) continue;
        entries.delete(original);
        this.#taken.delete(plain(standIn));
        this.#changed = true;
      }
    }
  }

  /** What stands for something found, in its standard form. */
  of({ kind, key, imagine }: Pick<Detector, "kind" | "key" | "imagine">, found: string): string {
    const original = key(found);
    this.#asked.add(`${kind}\0${original}`);
    const entries = this.#byKind.get(kind) ?? new Map<string, string>();
    this.#byKind.set(kind, entries);
    const known = entries.get(original);
    if (known !== undefined) return known;
    for (let attempt = 0; ; attempt += 1) {
      const draw = new Draw(this.#secret, `${kind}\0${original}\0${attempt}`);
      const standIn = imagine(found, draw) + draw.digits(Math.floor(attempt / DRAWS));
      if (this.#taken.has(plain(standIn)) || this.#originals.has(plain(standIn))) continue;
      entries.set(original, standIn);
      this.#taken.add(plain(standIn));
      this.#changed = true;
      return standIn;
    }
  }

  /** Takes out every original whose stand-in nobody has asked for; returns how many. */
  keepAsked(): number {
    let gone = 0;
    for (const [kind, entries] of this.#byKind) {
      for (const [original, standIn] of entries) {
        if (this.#asked.has(`${kind}\0${original}`)) continue;
        entries.delete(original);
        this.#originals.delete(plain(original));
        this.#taken.delete(plain(standIn));
        gone += 1;
      }
    }
    this.#changed ||= gone > 0;
    return gone;
  }

  /** Writes the file where something changed, whole or not at all, for its owner's eyes alone. */
  async save(path: string): Promise<void> {
    if (!this.#changed) return;
    const folder = dirname(path);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    // What a killed run left holds originals too.
    for (const name of await readdir(folder)) {
      if (name.endsWith(".partial")) await rm(join(folder, name), { force: true });
    }
    const standIns = Object.fromEntries(
      [...this.#byKind].map(([kind, entries]) => [kind, Object.fromEntries(entries)]),
    );
    const value = { kouwen: 1, secret: Buffer.from(this.#secret).toString("hex"), standIns };
    await writeAtomic(path, "dialogue", (sink) => sink.write(`${JSON.stringify(value, null, 2)}\n`), {
      mode: 0o600,
    });
    this.#changed = false;
  }
}

/** What makes two spellings one: letters and digits, small. */
function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}
