import "@dienhong/web-shared/styles/index.css";
import "../gate/gate.css";
import "../lock/lock.css";
import "../office/office.css";
import "./code.css";
import "./admin.css";
import "./council.css";
import "./audit.css";
import { mount } from "svelte";
import App from "./App.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target });
