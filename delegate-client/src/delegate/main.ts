import "@dienhong/web-shared/styles/index.css";
import "../gate/gate.css";
import "./delegate.css";
import "./narrow.css";
import { mount } from "svelte";
import App from "./App.svelte";

mount(App, { target: document.getElementById("app")! });
