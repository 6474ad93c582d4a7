import { connect } from "libsales/web";
import { render } from "preact";

import { Board } from "./board.js";
import { Door, type Visitor, visitor } from "./door.js";
import { BoardView } from "./view.js";

const page = document.getElementById("page");
if (!page) throw new Error("there is no page");
const place = page;

function enter({ workspace, actor, token }: Visitor): void {
  const sales = connect(location.origin, { workspace, actor, token });
  render(<BoardView board={new Board(sales)} onRefused={knock} />, place);
}

function knock(refused = ""): void {
  render(<Door refused={refused} onEnter={enter} />, place);
}

const known = visitor();
if (known) enter(known);
else knock();
