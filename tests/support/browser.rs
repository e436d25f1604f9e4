//! A real browser: Chromium without a window, told what to do through
//! ChromeDriver (W3C, "WebDriver").

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::failed;

/// What stands before the port it has chosen.
const STARTED: &str = "started successfully on port ";

/// It takes a port that is free in IPv6 and wants the same one in IPv4, where
/// a connection of another test may have it: then the next one tries its luck.
const TAKEN: &str = "port not available";
const MOST_TRIES: u32 = 50;

/// Nothing on a page of this project takes longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A log of all that a page loads, pictures inside of it too.
const MOST_BYTES: u64 = 1 << 28;

/// An open browser with one page.
pub struct Browser {
    session: String,
    _driver: Driver,
    _profile: TempDir,
}

/// ChromeDriver, which listens on a port.
struct Driver {
    process: Child,
    port: u16,
}

/// Why there is no browser here, if there is none.
pub fn no_browser() -> Option<&'static str> {
    static FOUND: OnceLock<Option<&str>> = OnceLock::new();
    *FOUND.get_or_init(|| match (answers("chromedriver"), answers("chromium")) {
        (true, true) => None,
        (true, false) => Some("there is no chromium"),
        (false, _) => Some("there is no chromedriver"),
    })
}

fn answers(program: &str) -> bool {
    let mut asked = Command::new(program);
    asked.arg("--version").stdout(Stdio::null());
    let status = asked.stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

impl Browser {
    /// Opens a browser that has seen nothing before.
    pub fn open() -> Result<Self, String> {
        let driver = Driver::start()?;
        let profile = tempfile::tempdir().map_err(failed)?;
        let mut browser = Self {
            session: format!("http://127.0.0.1:{}/session", driver.port),
            _driver: driver,
            _profile: profile,
        };
        let profile = format!("--user-data-dir={}", browser._profile.path().display());
        let options = json!({
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--force-device-scale-factor=1", "--window-size=1280,1000",
                profile,
            ],
        });
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        });
        let opened = browser.post("", json!({"capabilities": {"alwaysMatch": wanted}}))?;
        let id = opened["sessionId"].as_str().ok_or("no session")?;
        browser.session += &format!("/{id}");
        Ok(browser)
    }

    fn post(&self, command: &str, body: Value) -> Result<Value, String> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(3 * PATIENCE))
            .build()
            .into();
        let mut answer = agent
            .post(format!("{}{command}", self.session))
            .content_type("application/json")
            .send(body.to_string())
            .map_err(failed)?;
        let body = answer.body_mut().with_config().limit(MOST_BYTES);
        let text = body.read_to_string().map_err(failed)?;
        let answer: Value = serde_json::from_str(&text).map_err(failed)?;
        match answer["value"]["error"].as_str() {
            Some(error) => Err(format!("{error}: {}", answer["value"]["message"])),
            None => Ok(answer["value"].clone()),
        }
    }

    /// Loads a page.
    pub fn go_to(&self, address: &str) -> Result<(), String> {
        self.post("/url", json!({"url": address})).map(drop)
    }

    /// What a script returns.
    pub fn run(&self, script: &str) -> Result<Value, String> {
        self.post("/execute/sync", json!({"script": script, "args": []}))
    }

    /// Waits until an expression is true.
    pub fn wait(&self, expression: &str) -> Result<(), String> {
        let since = Instant::now();
        while self.run(&format!("return !!({expression})"))? != Value::Bool(true) {
            if since.elapsed() > PATIENCE {
                return Err(format!("{expression} has not come true"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Drags a mouse, pen or touch along points of the window, in its pixels.
    pub fn drag(&self, pointer: &str, points: &[[f64; 2]]) -> Result<(), String> {
        let to = |&[x, y]: &[f64; 2]| json!({"type": "pointerMove", "duration": 8, "x": x.round() as i64, "y": y.round() as i64});
        let mut actions: Vec<Value> = points.iter().map(to).collect();
        actions.insert(
            1.min(actions.len()),
            json!({"type": "pointerDown", "button": 0}),
        );
        actions.push(json!({"type": "pointerUp", "button": 0}));
        let source = json!({
            "type": "pointer",
            "id": pointer,
            "parameters": {"pointerType": pointer},
            "actions": actions,
        });
        self.post("/actions", json!({"actions": [source]}))
            .map(drop)
    }

    /// Presses keys one after the other, all while `held` is down; see the
    /// standard for those beyond letters.
    pub fn press(&self, held: Option<char>, keys: &str) -> Result<(), String> {
        let key = |what: &str, key: char| json!({"type": what, "value": key.to_string()});
        let down = held.map(|held| key("keyDown", held));
        let pressed = keys
            .chars()
            .flat_map(|each| [key("keyDown", each), key("keyUp", each)]);
        let up = held.map(|held| key("keyUp", held));
        let actions: Vec<Value> = down.into_iter().chain(pressed).chain(up).collect();
        let source = json!({"type": "key", "id": "keyboard", "actions": actions});
        self.post("/actions", json!({"actions": [source]}))
            .map(drop)
    }

    /// A command of Chromium's own protocol for development.
    pub fn tell(&self, command: &str, parameters: Value) -> Result<Value, String> {
        let body = json!({"cmd": command, "params": parameters});
        self.post("/goog/cdp/execute", body)
    }

    /// Makes the page so wide and high.
    pub fn resize(&self, width: u32, height: u32) -> Result<(), String> {
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.tell("Emulation.setDeviceMetricsOverride", size)
            .map(drop)
    }

    /// Has the page believe that its user prefers `light` or `dark`.
    pub fn prefer(&self, scheme: &str) -> Result<(), String> {
        let feature = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        let media = json!({"features": feature});
        self.tell("Emulation.setEmulatedMedia", media).map(drop)
    }

    /// What has been logged since this was last asked: `browser` has what the
    /// console was told, `performance` what the network was asked.
    pub fn log(&self, which: &str) -> Result<Vec<Value>, String> {
        let log = self.post("/se/log", json!({"type": which}))?;
        Ok(log.as_array().cloned().unwrap_or_default())
    }

    /// Every address that was asked for since the performance log was last read.
    pub fn requests(&self) -> Result<Vec<String>, String> {
        let mut addresses = Vec::new();
        for entry in self.log("performance")? {
            let message: Value =
                serde_json::from_str(entry["message"].as_str().unwrap_or_default())
                    .map_err(failed)?;
            let message = &message["message"];
            if message["method"] == "Network.requestWillBeSent" {
                let address = message["params"]["request"]["url"].as_str();
                // What the browser is made of comes from itself.
                let address = address.filter(|address| !address.starts_with("chrome:"));
                addresses.extend(address.map(str::to_owned));
            }
        }
        Ok(addresses)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser goes with its session, which ends before its driver.
        let _ = ureq::agent().delete(&self.session).call();
    }
}

impl Driver {
    fn start() -> Result<Self, String> {
        for _ in 0..MOST_TRIES {
            let mut driver = Self::spawn()?;
            let says = BufReader::new(driver.process.stdout.take().ok_or("a pipe")?);
            let mut said = String::new();
            for line in says.lines().map_while(Result::ok) {
                if let Some((_, port)) = line.split_once(STARTED) {
                    driver.port = port.trim_end_matches('.').parse().map_err(failed)?;
                    return Ok(driver);
                }
                said += &line;
                said.push('\n');
            }
            if !said.contains(TAKEN) {
                return Err(format!("chromedriver has no port and says {said:?}"));
            }
        }
        Err(format!("chromedriver found no port {MOST_TRIES} times"))
    }

    fn spawn() -> Result<Self, String> {
        let process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        Ok(Self { process, port: 0 })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
