import assert from "node:assert/strict";
import { test } from "node:test";
import { folder, imported } from "../../test/chat-exports.js";

const TABLE = Buffer.from("When,Who,What\n2024-05-01 16:00,Mira,lunch?\n2024-05-01 16:01,Ze,on my way\n");

test("a table is imported once its columns are named", async () => {
  const home = await folder({ "Mira.csv": TABLE });
  const { messages, report } = await imported(home, {
    columns: "time=When,sender=Who,text=What",
    owner: "Ze",
  });
  assert.deepEqual(
    messages.map(({ source, contact, sender, owner, text }) => [source, contact, sender, owner, text]),
    [
      ["plain-csv", "Mira", "Mira", false, "lunch?"],
      ["plain-csv", "Mira", "Ze", true, "on my way"],
    ],
  );
  assert.deepEqual(report.skipped, []);
});

test("a table whose columns are not named is left out, and the report says how to name them", async () => {
  const home = await folder({ "Mira.csv": TABLE });
  await assert.rejects(
    imported(home),
    /chats\/Mira\.csv: a table of no known format; .* --columns time=Date/,
  );
});
