import "@dienhong/web-shared/styles/index.css";
import "./styles/screen.css";
import "./styles/figures.css";
import "./styles/lists.css";
import "./styles/foot.css";
import "./styles/scenes.css";
import "./styles/floor.css";
import "./styles/cards.css";
import "./styles/device.css";
import { mount } from "svelte";
import { councilFromPath } from "@dienhong/web-shared/place.ts";
import { enrolmentAddress, identityOfThisScreen, wallInAddress } from "./identity.ts";
import { setLanguageOfThisPageOnly, wallLanguage } from "./language.ts";
import Root from "./Root.svelte";
import { t } from "./words.ts";

setLanguageOfThisPageOnly(wallLanguage(location.search));
document.title = t("page");

const target = document.getElementById("app");
const council = councilFromPath();
if (target && council) {
  const enrolment = enrolmentAddress(council, location.hash);
  if (enrolment) location.replace(enrolment);
  else void open(target, council);
}

async function open(target: HTMLElement, council: string): Promise<void> {
  const identity = await identityOfThisScreen(council);
  mount(Root, { target, props: { council, identity, wall: wallInAddress(location.search) } });
}
