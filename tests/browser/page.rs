//! What the page does.

use serde_json::Value;

use super::strokes::{digit, draw, read};
use super::{nobody_else, number, open, says, skipped, text};
use crate::support::{Browser, Outcome, ensure};

/// How many pixels of the canvas are inked.
fn inked(browser: &Browser) -> Result<f64, String> {
    number(
        browser,
        "(() => { const canvas = document.querySelector('#canvas'); \
         const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height); \
         let inked = 0; for (let at = 0; at < data.length; at += 4) inked += data[at] !== data[0]; \
         return inked; })()",
    )
}

fn click(browser: &Browser, selector: &str) -> Result<Value, String> {
    browser.run(&format!("document.querySelector('{selector}').click()"))
}

#[test]
fn clears_and_undoes() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let (_draw, browser) = open()?;
    let strokes = digit(4);
    draw(&browser, "mouse", &strokes[..1])?;
    let first = inked(&browser)?;
    draw(&browser, "mouse", &strokes[1..])?;
    let both = inked(&browser)?;
    ensure(0.0 < first && first < both, || {
        format!("{first}, then {both} pixels")
    })?;
    click(&browser, "#undo")?;
    let undone = inked(&browser)?;
    ensure(undone == first, || format!("{undone} pixels, not {first}"))?;
    click(&browser, "#clear")?;
    ensure(inked(&browser)? == 0.0, || "something is left".into())?;
    click(&browser, "#predict")?;
    browser.wait("document.querySelector('#result').textContent.includes('Draw a digit first')")?;
    // What was cleared can be had again.
    click(&browser, "#undo")?;
    let again = inked(&browser)?;
    ensure(again == first, || format!("{again} pixels, not {first}"))
}

/// Arrows move, the space bar inks, Shift draws along.
#[test]
fn draws_with_the_keyboard() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let [left, up, right, down] = ['\u{e012}', '\u{e013}', '\u{e014}', '\u{e015}'];
    let [shift, control] = ['\u{e008}', '\u{e009}'];
    let (_draw, browser) = open()?;
    browser.run("document.querySelector('#canvas').focus()")?;
    let path = |keys: &[(char, usize)]| -> String {
        keys.iter()
            .map(|&(key, times)| key.to_string().repeat(times))
            .collect()
    };
    // The cursor's first place does not matter: a 7 is one anywhere.
    browser.press(None, &path(&[(left, 6), (up, 8)]))?;
    browser.press(Some(shift), &path(&[(right, 11)]))?;
    let slant: String = (0..8).map(|_| path(&[(down, 2), (left, 1)])).collect();
    browser.press(Some(shift), &slant)?;
    let found = read(&browser)?;
    ensure(found == ["7", "7"], || format!("{found:?}"))?;
    says(
        &browser,
        "document.querySelector('#result').textContent",
        "7",
    )?;
    let before = inked(&browser)?;
    browser.press(None, &path(&[(right, 9)]))?;
    browser.press(None, " ")?;
    ensure(inked(&browser)? > before, || {
        "the space bar inks nothing".into()
    })?;
    let after = inked(&browser)?;
    // Elsewhere this is how one does again what was undone.
    key_z(&browser, true)?;
    ensure(inked(&browser)? == after, || "Shift undoes".into())?;
    browser.press(Some(control), "z")?;
    ensure(inked(&browser)? == before, || {
        "Ctrl+Z undoes nothing".into()
    })?;
    key_z(&browser, false)?;
    ensure(inked(&browser)? < before, || {
        "Ctrl+Z undoes nothing when capitals are locked".into()
    })
}

/// Ctrl and a capital Z, as Shift makes it or the lock of capitals.
fn key_z(browser: &Browser, is_shifted: bool) -> Outcome {
    let how = format!("{{key: 'Z', ctrlKey: true, shiftKey: {is_shifted}}}");
    let script = format!("document.dispatchEvent(new KeyboardEvent('keydown', {how}))");
    browser.run(&script).map(drop)
}

#[test]
fn has_both_models_and_says_why() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let (_draw, browser) = open()?;
    draw(&browser, "mouse", &digit(7))?;
    read(&browser)?;
    for (model, name, images) in [(0, "train", "60,000"), (1, "train+test", "70,000")] {
        let all = format!("document.querySelector('[data-model=\"{model}\"]').textContent");
        for part in [name, images] {
            says(&browser, &all, part)?;
        }
    }
    // Why it is this digit and not another one.
    browser.wait("document.querySelector('#difference canvas') !== null")?;
    says(
        &browser,
        "document.querySelector('#difference').textContent",
        "7",
    )?;
    click(&browser, "[data-class=\"1\"]")?;
    browser.wait("/\\b1\\b/.test(document.querySelector('#difference').textContent)")?;
    // Both frames of what the models were shown.
    let page = "document.body.textContent.toLowerCase()";
    for part in ["canonical", "plain", "light on dark"] {
        says(&browser, page, part)?;
    }
    // Black on white is told apart.
    browser.run(
        "const theme = document.querySelector('#theme'); theme.selectedIndex = 1; \
         theme.dispatchEvent(new Event('input', {bubbles: true})); \
         theme.dispatchEvent(new Event('change', {bubbles: true}))",
    )?;
    click(&browser, "#clear")?;
    draw(&browser, "mouse", &digit(7))?;
    let found = read(&browser)?;
    ensure(found == ["7", "7"], || {
        format!("{found:?} in black on white")
    })?;
    says(&browser, page, "dark on light")
}

#[test]
fn shows_the_gallery() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let (_draw, browser) = open()?;
    browser.wait("document.querySelectorAll('[data-index]').length >= 20")?;
    let label = text(
        &browser,
        "document.querySelector('[data-index=\"3\"]').getAttribute('aria-label')",
    )?;
    ensure(label.contains('3'), || label.clone())?;
    draw(&browser, "mouse", &digit(1))?;
    read(&browser)?;
    let drawn = inked(&browser)?;
    // Without being asked to predict, an image is read, and its label told.
    click(&browser, "#live")?;
    click(&browser, "[data-index=\"3\"]")?;
    browser.wait("document.querySelector('#result').textContent.includes('It is image 3, a')")?;
    ensure(inked(&browser)? != drawn, || {
        "nothing else on the canvas".into()
    })?;
    click(&browser, "#undo")?;
    let again = inked(&browser)?;
    ensure(again == drawn, || format!("{again} pixels, not {drawn}"))?;
    // However quickly it is leafed through.
    let next = "document.querySelector('#next').click()";
    browser.run(&format!("{next}; {next}"))?;
    browser.wait("document.querySelector('#gallery-text').textContent.includes('images 40 to 59')")
}

/// Where it is not wanted, nothing is read before it is asked for.
#[test]
fn reads_on_demand_alone() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let (_draw, browser) = open()?;
    click(&browser, "#live")?;
    draw(&browser, "mouse", &digit(7))?;
    browser.run("return new Promise(done => setTimeout(done, 200))")?;
    let state = text(&browser, "document.body.dataset.state")?;
    ensure(state == "unread", || state.clone())?;
    says(
        &browser,
        "document.querySelector('#result').textContent",
        "Press Predict",
    )?;
    click(&browser, "#predict")?;
    ensure(read(&browser)? == ["7", "7"], || "another digit".into())?;
    // What was read is no answer to what is drawn now.
    draw(&browser, "mouse", &[vec![[40.0, 250.0]]])?;
    browser.wait("document.body.dataset.state === 'unread'")?;
    says(
        &browser,
        "document.querySelector('#result').textContent",
        "Press Predict",
    )?;
    let cards = || {
        text(
            &browser,
            "document.querySelector('[data-model=\"0\"]').dataset.predicted",
        )
    };
    ensure(cards()? == "undefined", || "a card is left".into())?;
    // Nor is an answer that comes after the drawing has changed.
    browser.run(
        "document.querySelector('#predict').click();
         const key = new KeyboardEvent('keydown', { key: ' ' });
         document.querySelector('#canvas').dispatchEvent(key);
         return new Promise(done => setTimeout(done, 300))",
    )?;
    let state = text(&browser, "document.body.dataset.state")?;
    ensure(state == "unread" && cards()? == "undefined", || state)
}

/// A palm that touches the canvas and leaves it ends nobody's stroke, and
/// neither does a key.
#[test]
fn draws_with_one_pointer_at_a_time() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let (_draw, browser) = open()?;
    browser.run(
        "const canvas = document.querySelector('#canvas');
         const { left, top } = canvas.getBoundingClientRect();
         // Nobody holds these pointers.
         canvas.setPointerCapture = () => {};
         const send = (kind, pointerId, x, y) => canvas.dispatchEvent(new PointerEvent(
             kind, { pointerId, button: 0, clientX: left + x, clientY: top + y }));
         send('pointerdown', 5, 40, 40);
         send('pointerdown', 6, 240, 40);
         send('pointerup', 6, 240, 40);
         canvas.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', shiftKey: true }));
         canvas.dispatchEvent(new KeyboardEvent('keyup', { key: 'Shift' }));
         send('pointermove', 5, 40, 240);
         send('pointerup', 5, 40, 240);",
    )?;
    let level = |x: usize, y: usize| {
        number(
            &browser,
            &format!(
                "document.querySelector('#canvas').getContext('2d').getImageData({x}, {y}, 1, 1).data[0]"
            ),
        )
    };
    ensure(level(40, 140)? == 255.0 && level(40, 240)? == 255.0, || {
        "the stroke ended early".into()
    })?;
    ensure(level(240, 40)? == 0.0 && level(140, 140)? == 0.0, || {
        "somebody else has drawn".into()
    })
}

/// Without its key, and without its server, the page says what to do.
#[test]
fn is_told_when_something_is_missing() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let (running, browser) = open()?;
    browser.go_to("about:blank")?;
    browser.go_to(running.origin_and_key()?.0)?;
    browser.wait("document.body.dataset.state === 'failed'")?;
    says(&browser, "document.body.innerText", "ncm draw")?;
    browser.go_to("about:blank")?;
    browser.go_to(running.address())?;
    browser.wait("document.body.dataset.state === 'ready'")?;
    drop(running);
    draw(&browser, "mouse", &digit(1))?;
    browser.wait("document.body.dataset.state === 'failed'")?;
    says(&browser, "document.body.innerText", "ncm draw")?;
    ensure(inked(&browser)? > 0.0, || "the drawing is gone".into())
}

/// Everything is used once; nobody else is asked and nothing is complained of.
#[test]
fn asks_nobody_else_and_has_no_error() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let (running, browser) = open()?;
    draw(&browser, "mouse", &digit(3))?;
    read(&browser)?;
    for selector in [
        "#predict",
        "#undo",
        "#clear",
        "[data-index=\"1\"]",
        "[data-class=\"8\"]",
    ] {
        click(&browser, selector)?;
    }
    browser.run("return new Promise(done => setTimeout(done, 300))")?;
    let complaints = browser.log("browser")?;
    ensure(complaints.is_empty(), || format!("{complaints:?}"))?;
    let requests = browser.requests()?;
    ensure(requests.len() > 5, || format!("{requests:?}"))?;
    nobody_else(&requests, running.origin_and_key()?.0)
}
