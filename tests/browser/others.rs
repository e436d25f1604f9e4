//! What another site can make a browser do, which is nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{open, skipped};
use crate::support::{Mirror, Outcome, ensure};

/// Asks for the page, the models and an answer; says how each ended, `null`
/// where the browser let nothing out or in.
const ASKS: &str = "
    const key = { 'ncm-token': KEY };
    const body = new Uint8Array(280 * 280);
    const kind = { 'content-type': 'application/octet-stream' };
    const asks = [
        ['', {}],
        ['', { mode: 'no-cors' }],
        ['api/models', { headers: key }],
        ['api/read', { method: 'POST', headers: { ...key, ...kind }, body }],
        ['api/read', { method: 'POST', mode: 'no-cors', body }],
    ];
    const ended = ([path, how]) => fetch(SITE + path, how).then(found => found.status, () => null);
    return Promise.all(asks.map(ended));
";

/// A page of another port of this machine, were it even given the key.
#[test]
fn gives_other_sites_nothing() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let (draw, browser) = open()?;
    let (site, key) = draw.origin_and_key()?;
    let quoted = |text: &str| Value::from(text).to_string();
    let asks = ASKS.replace("SITE", &quoted(site));
    let asks = asks.replace("KEY", &quoted(key));
    // From the page itself all is answered that has the key.
    let found = browser.run(&asks)?;
    ensure(found == json!([200, 200, 200, 200, 403]), || {
        format!("the page itself: {found}")
    })?;
    let page = b"<!doctype html><title>another site</title>".to_vec();
    let other = Mirror::without_tls(BTreeMap::from([("page.html".into(), page)]))?;
    browser.go_to(&format!("{}/page.html", other.url))?;
    let found = browser.run(&asks)?;
    ensure(found == json!([null, null, null, null, null]), || {
        format!("another site: {found}")
    })
}
