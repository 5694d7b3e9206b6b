import "@dienhong/web-shared/styles/index.css";
import "./styles/screen.css";
import "./styles/figures.css";
import "./styles/foot.css";
import "./styles/scenes.css";
import { mount } from "svelte";
import { councilFromPath } from "@dienhong/web-shared/place.ts";
import { createSession } from "@dienhong/web-shared/session.svelte.ts";
import App from "./App.svelte";
import { setLanguageOfThisPageOnly, wallLanguage } from "./language.ts";
import { t } from "./words.ts";

setLanguageOfThisPageOnly(wallLanguage(location.search));
document.title = t("page");

const target = document.getElementById("app");
const council = councilFromPath();
if (target && council) mount(App, { target, props: { session: createSession({ council, page: "wall" }) } });
