import "@dienhong/web-shared/styles/index.css";
import "../gate/gate.css";
import "../lock/lock.css";
import "./voting.css";
import "./outcome.css";
import "./home.css";
import "./speaking.css";
import "./agenda.css";
import "./receipt.css";
import "./narrow.css";
import { mount } from "svelte";
import App from "./App.svelte";

mount(App, { target: document.getElementById("app")! });
