import "@dienhong/web-shared/styles/index.css";
import "../public/public.css";
import "../public/landing.css";
import { mount } from "svelte";
import App from "./App.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target });
