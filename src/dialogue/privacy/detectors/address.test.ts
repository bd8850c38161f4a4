import assert from "node:assert/strict";
import { test } from "node:test";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { address } from "./address.js";

test("finds Chinese addresses without the words before them", () => {
  for (const [text, found] of [
    ["快递寄到浙江省杭州市拱墅区青禾弄18号云栖苑3幢602", "浙江省杭州市拱墅区青禾弄18号云栖苑3幢602"],
    ["我在青禾弄18号等你", "青禾弄18号"],
    ["地址：中山东路１２３号", "中山东路１２３号"],
    ["住在云栖苑3幢2单元602室", "云栖苑3幢2单元602室"],
    ["3栋2单元501", "3栋2单元501"],
    ["老家是湖南省长沙市岳麓区", "湖南省长沙市岳麓区"],
    ["解放大道88号 5楼", "解放大道88号 5楼"],
  ] as const)
    assert.ok(foundBy(address, text).includes(found), `${text}: ${foundBy(address, text)}`);
});

test("finds English addresses and postcodes", () => {
  for (const [text, found] of [
    ["My new address: 12 Fern Close, LS99 4ZZ. Send", "12 Fern Close, LS99 4ZZ"],
    [
      "It is Compass Cottage, 7 Mill Lane, Nether Quillow, QL4 7BW.",
      "Compass Cottage, 7 Mill Lane, Nether Quillow, QL4 7BW",
    ],
    ["flat 3 17 tanner row", "flat 3 17 tanner row"],
    ["im at 42 elm street", "42 elm street"],
    ["its tn4 0zz", "tn4 0zz"],
    [
      "1600 Amphitheatre Parkway, Mountain View, CA 94043",
      "1600 Amphitheatre Parkway, Mountain View, CA 94043",
    ],
  ] as const)
    assert.deepEqual(foundBy(address, text), [found], text);
});

test("leaves cities, streets, days and talk of ways", () => {
  for (const text of [
    "我在杭州市",
    "浙江省杭州市好热",
    "3号见",
    "逛街3号去",
    "这条路5号才通",
    "知道1号线怎么走吗",
    "地铁2号线",
    "5楼见",
    "去中山路走走",
    "5 minutes down the road",
    "2 miles off the main road",
    "3 people in a row",
    "meet at 5 close to home",
    "at 4 2pm",
    "10 times the way",
  ])
    assert.deepEqual(foundBy(address, text), [], text);
});

test("stand-ins have the same levels, and one name becomes the same in all of them", () => {
  const [long] = standInsFor(address, "拱墅区青禾弄18号云栖苑3幢602");
  assert.match(long!, /^.{2}区.{2}弄\d\d号.{2}苑\d幢\d{3}$/);
  const [short] = standInsFor(address, "青禾弄18号");
  assert.equal(short!.slice(0, 3), long!.slice(3, 6));
  for (const standIn of standInsFor(address, "12 Fern Close, LS99 4ZZ"))
    assert.match(standIn, /^\d\d [A-Z][a-z]+ Close, [A-Z]{2}\d\d \d[A-Z]{2}$/);
  assert.match(standInsFor(address, "flat 3 17 tanner row", 1)[0]!, /^flat \d \d\d [a-z]+ row$/);
});
