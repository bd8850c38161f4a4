import assert from "node:assert/strict";
import { test } from "node:test";
import type { Contact } from "./contacts.js";
import { findForgotten, isNamedAfter, listForgotten, spellForgotten } from "./forgotten.js";

function contact(name: string, id: string | null = null, ...more: string[]): Contact {
  return { name, id, group: false, aliases: new Set([name, ...(id === null ? [] : [id]), ...more]) };
}

const CHATS = [contact("Ada", "wx_ada"), contact("June", "wx_june", "Junie"), contact("Lu, Wei")];

test("a name, an id or a name of another export is enough, and the id is kept beside the name", () => {
  for (const setting of ["June", "June(wx_june)", "wx_june", "Junie", "Nobody, June", "June(other)"])
    assert.deepEqual([...findForgotten(CHATS, setting)], [1], setting);
  assert.deepEqual([...findForgotten(CHATS, '"Lu, Wei"')], [2]);
  assert.deepEqual([...findForgotten(CHATS, "june, Jun")], []);
  assert.equal(spellForgotten(CHATS, 'June,"Lu, Wei",Nobody'), 'June(wx_june),"Lu, Wei",Nobody');
  assert.equal(spellForgotten(CHATS, ""), "");
});

test("whoever was forgotten under one name stays so under another", () => {
  const later = [contact("June ❤", "wx_june", "June"), contact("Ada", "wx_ada")];
  assert.deepEqual([...findForgotten(later, "June(wx_june)")], [0]);
});

test("of two with one name only the one is meant whose id is given", () => {
  const two = [contact("June(wx_1)", "wx_1", "June"), contact("June(wx_2)", "wx_2", "June")];
  assert.deepEqual([...findForgotten(two, "June(wx_2)")], [1]);
  assert.deepEqual([...findForgotten(two, "June")], []);
  assert.equal(spellForgotten(two, "June(wx_2)"), "June(wx_2)");
});

test("names in brackets are no ids, and double quotes do not hide a name", () => {
  const odd = [contact("Mum (home)"), contact('the "boss"', "b1")];
  assert.deepEqual([...findForgotten(odd, "Mum (home)")], [0]);
  assert.deepEqual([...findForgotten(odd, 'the "boss"')], [1]);
  assert.deepEqual(listForgotten("June(wx_june),Ada"), [
    { spelling: "June(wx_june)", name: "June" },
    { spelling: "Ada", name: "Ada" },
  ]);
});

test("a file is named after a contact if its path holds a name or id", () => {
  assert.ok(isNamedAfter("chats/June(wx_june)/photo.jpg", [CHATS[1]!]));
  assert.ok(!isNamedAfter("chats/Ada/photo.jpg", [CHATS[1]!]));
});
