import "@dienhong/web-shared/styles/index.css";
import "../public/public.css";
import "./verify.css";
import { mount } from "svelte";
import { councilFromPath } from "@dienhong/web-shared/place.ts";
import { createSession } from "@dienhong/web-shared/session.svelte.ts";
import App from "./App.svelte";
import { receiptInFragment } from "./check.ts";

const target = document.getElementById("app");
const council = councilFromPath();
const carried = receiptInFragment(location.hash);
// Out of the address at once: it must not stay in the history or in a screenshot of the window.
if (carried !== null) history.replaceState(null, "", location.pathname + location.search);
if (target && council) mount(App, { target, props: { council, carried, session: createSession({ council, page: "public" }) } });
