import "@dienhong/web-shared/styles/index.css";
import "../gate/gate.css";
import "../office/office.css";
import "./styles/console.css";
import "./styles/ballot.css";
import "./styles/result.css";
import "./styles/setup.css";
import "./styles/mini.css";
import "./styles/wallstrip.css";
import "./styles/walldialogs.css";
import "./styles/agenda.css";
import "./styles/day.css";
import "./styles/forms.css";
import "./styles/room.css";
import { mount } from "svelte";
import App from "./App.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target });
