//! Orders that come over HTTP, to a whole server.

use dienhong::app::local::{ANY_PORT, LocalHall};
use dienhong::chamber::command::Command;
use dienhong::chamber::ids::CouncilId;
use dienhong::client::{ClientError, DeviceKey, Endpoint, Host, Identity};
use dienhong::ledger::merkle::Hash;
use dienhong::node::NewCouncil;
use dienhong::wire::http::{FoundRequest, FoundResponse, RosterRequest, RosterResponse};
use std::time::Duration;

const CSV: &str = "id,name,seat,group,offices\nd001,Ngô Bảo,1,Tổ 1,chair\n";

struct Office {
    hall: LocalHall,
    endpoint: Endpoint,
    administrator: Identity,
}

impl Office {
    async fn open() -> Self {
        let council = NewCouncil {
            id: CouncilId::parse("mau").expect("an id"),
            origin: "hall.example/mau".to_owned(),
            name: "Hội đồng nhân dân Mẫu".to_owned(),
            short_name: "HĐND Mẫu".to_owned(),
            preset: "province".to_owned(),
            seats: 3,
            people: vec![NewCouncil::first_administrator("Quản trị").expect("a person")],
        };
        let hall = LocalHall::start(None, None, ANY_PORT, council).await.expect("a hall");
        let endpoint = hall.endpoint().clone();
        let code = hall.issue_code("admin", Duration::from_secs(600)).await.expect("a code");
        let key = DeviceKey::generate().expect("a key");
        let administrator = endpoint.enrol(&code, key).await.expect("enrolled");
        Self { hall, endpoint, administrator }
    }

    /// The roster under an order of this name, sent to this path.
    async fn roster(&self, order: &str, path: &str) -> Result<RosterResponse, ClientError> {
        let arguments = format!(r#"{{"sha256":"{}"}}"#, Hash::of(CSV.as_bytes()).hex());
        let statement = self.administrator.order_named(order, "", &arguments).expect("signed");
        self.endpoint.post(path, &RosterRequest { statement, arguments, csv: CSV.to_owned() }).await
    }
}

#[tokio::test]
async fn what_was_signed_to_look_does_not_import() {
    let office = Office::open().await;
    let checked = office.roster("check_roster", "api/roster/check").await.expect("checked");
    assert_eq!((checked.added, checked.imported), (1, false));
    for (order, path) in [("check_roster", "api/roster"), ("import_roster", "api/roster/check")] {
        let refused = office.roster(order, path).await.expect_err("not this order");
        assert!(refused.is_refusal("unknown_order"), "{order} to {path}: {refused}");
    }
    let again = office.roster("check_roster", "api/roster/check").await.expect("checked");
    assert_eq!(again.added, 1, "nothing was imported");
    let imported = office.roster("import_roster", "api/roster").await.expect("imported");
    assert_eq!((imported.added, imported.imported), (1, true));
    office.hall.stop().await;
}

#[tokio::test]
async fn a_founding_is_asked_for_by_a_signature() {
    let office = Office::open().await;
    let arguments = r#"{"origin":"hall.example/hai","name":"Hai","short_name":"Hai","preset":"commune","seats":5,"administrator":"An"}"#;
    let order = |target| office.administrator.order_named("host_council", target, arguments).expect("signed");
    let request = |statement: String| FoundRequest { statement, arguments: arguments.to_owned() };
    let ask = async |endpoint: &Endpoint, statement| -> Result<FoundResponse, ClientError> {
        endpoint.post("api/councils", &request(statement)).await
    };
    let founded = ask(&office.endpoint, order("hai")).await.expect("founded");
    assert_eq!(founded.council.id, "hai");

    // The new council hosts nobody; but that is told only to those who sign for it.
    let second = Endpoint::new(&office.endpoint.origin(), "hai").expect("an address");
    let stranger = ask(&second, order("ba")).await.expect_err("signed for another record");
    assert!(stranger.is_refusal("wrong_log"), "{stranger}");
    let key = DeviceKey::generate().expect("a key");
    let its_own = second.enrol(&founded.code.code, key).await.expect("enrolled");
    let statement = its_own.order_named("host_council", "ba", arguments).expect("signed");
    let refused = ask(&second, statement).await.expect_err("no host");
    assert!(refused.is_refusal("not_allowed"), "{refused}");
    let unsigned = ask(&second, "host_council".to_owned()).await.expect_err("no statement");
    assert!(unsigned.is_refusal("bad_statement"), "{unsigned}");

    let command = Command::TakeGavel { reason: None };
    let (statement, arguments) = office.administrator.order(&command).expect("signed");
    let request = FoundRequest { statement, arguments };
    let other: Result<FoundResponse, _> = office.endpoint.post("api/councils", &request).await;
    assert!(other.expect_err("another order").is_refusal("unknown_order"));
    office.hall.stop().await;
}
