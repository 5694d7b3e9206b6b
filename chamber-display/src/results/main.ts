import "@dienhong/web-shared/styles/index.css";
import "../public/public.css";
import "./results.css";
import { mount } from "svelte";
import { councilFromPath } from "@dienhong/web-shared/place.ts";
import { createSession } from "@dienhong/web-shared/session.svelte.ts";
import App from "./App.svelte";

const target = document.getElementById("app");
const council = councilFromPath();
if (target && council) mount(App, { target, props: { council, session: createSession({ council, page: "public" }) } });
