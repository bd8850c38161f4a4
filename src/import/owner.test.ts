import assert from "node:assert/strict";
import { test } from "node:test";
import { MalformedInput, Unavailable } from "../errors.js";
import type { Contact } from "./contacts.js";
import { findOwner, type Voices } from "./owner.js";
import type { Platform } from "./platforms.js";

const contact: Contact = { id: null, name: "June", group: false, aliases: new Set(["June"]) };

function file(platform: Platform, ...senders: string[]): Voices {
  const speakers = senders.map((sender) => {
    return { conversation: 0, sender, senderId: null, owner: null, messages: 1 };
  });
  return { platform, owners: [], speakers, contacts: speakers.map(() => contact) };
}

test("what nobody can answer is one error for all platforms that lack an owner, without names", async () => {
  const files = [file("qq", "June", "Ze"), file("slack", "June", "Ze"), file("qq", "June", "Ze")];
  await assert.rejects(
    findOwner(files, "", {}, async () => {}),
    (error: Error) => {
      assert.ok(error instanceof Unavailable);
      assert.match(
        error.message,
        /^import owner: 3 files do not mark which sender is you \(QQ, Slack\)\. Say it with --owner/,
      );
      return true;
    },
  );
  await assert.rejects(
    findOwner([file("line", "June", "Ze")], "Remy", {}, async () => {}),
    (error: Error) => {
      assert.ok(error instanceof MalformedInput);
      assert.match(
        error.message,
        /^import owner: 1 file does not mark which sender is you \(LINE\), and nobody/,
      );
      return true;
    },
  );
});
