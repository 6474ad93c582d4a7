//! Runs the real server on a store of its own, for the tests.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use libsales::{Client, v1};

const START_TIMEOUT: Duration = Duration::from_secs(30);

/// The repository that this crate is in.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The server that the environment names, or else the one of the release build; none if it is not
/// built, which fails where nobody looks at what was skipped.
pub fn program() -> Option<PathBuf> {
    let program = std::env::var_os("SALESD")
        .map_or_else(|| root().join("build/release/service/salesd"), PathBuf::from);
    if program.exists() {
        return Some(program);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "salesd is not built: build it, or name it in SALESD"
    );
    eprintln!("skipped: salesd is not built: build it, or name it in SALESD");
    None
}

/// Gives a number that no other test of this program has.
pub fn number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Gives an id that no other test of this run has.
pub fn unique(prefix: &str) -> String {
    format!("{prefix}-{}-{}", std::process::id(), number())
}

/// A folder that is removed with its value.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(unique("libsales-rust"));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A process on a store; it may be killed and started again on the same port.
pub struct Server {
    pub target: String,
    pub folder: Folder,
    program: PathBuf,
    flags: Vec<String>,
    process: Option<Child>,
}

impl Server {
    /// Makes a store and starts a server on it that ends with its value.
    pub fn start(flags: &[String]) -> Option<Self> {
        let mut server = Self::new(flags)?;
        server.serve();
        Some(server)
    }

    /// Makes a store.
    pub fn new(flags: &[String]) -> Option<Self> {
        let server = Self {
            target: format!("127.0.0.1:{}", lasting_port()),
            folder: Folder::new(),
            program: program()?,
            flags: flags.to_vec(),
            process: None,
        };
        server.run(&["migrate", &server.store()]);
        Some(server)
    }

    /// The flag that names the store.
    pub fn store(&self) -> String {
        format!("--store=sqlite:{}", self.folder.0.join("sales.db").display())
    }

    /// Makes another call of the program, such as `salesd token`; gives what it prints.
    pub fn run(&self, arguments: &[&str]) -> String {
        let done = Command::new(&self.program).args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// Where the log goes: where the environment says, to be looked through, or beside the store.
    fn log(&self) -> PathBuf {
        std::env::var_os("SALESD_LOGS").map_or_else(
            || self.folder.0.join("salesd.log"),
            |kept| {
                let name = self.folder.0.file_name().unwrap().to_string_lossy();
                PathBuf::from(kept).join(format!("{name}.log"))
            },
        )
    }

    /// Starts the server, and waits until it says that it listens.
    pub fn serve(&mut self) {
        let path = self.log();
        let log = OpenOptions::new().create(true).append(true).open(&path).unwrap();
        let begin = log.metadata().unwrap().len();
        let child = Command::new(&self.program)
            .args(["serve", &self.store(), &format!("--listen={}", self.target)])
            .args(["--admin-listen=127.0.0.1:0", "--lame-duck-seconds=0"])
            // What a test records is all that is recorded.
            .arg("--sweep-seconds=0")
            .arg(format!(
                "--webhook-key-file={}",
                root().join("tests/scenarios/webhook.key").display()
            ))
            .args(&self.flags)
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn();
        self.process = Some(child.unwrap());
        let start = Instant::now();
        loop {
            let said = read_after(&path, begin);
            if said.lines().any(|line| line.contains(r#""message":"serving""#)) {
                return;
            }
            let gone = self.process.as_mut().unwrap().try_wait().unwrap().is_some();
            let late = start.elapsed() > START_TIMEOUT;
            assert!(!gone && !late, "salesd did not start:\n{said}");
            sleep(Duration::from_millis(5));
        }
    }

    /// Kills the server as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Makes a client of a new workspace.
    pub async fn workspace(&self) -> Client {
        let id = unique("w");
        let builder = Client::builder(&self.target).workspace(&id).actor("test");
        let sales = builder.connect().await.unwrap();
        create(&sales, &id).await;
        sales
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

pub async fn create(sales: &Client, id: &str) {
    let request = v1::CreateWorkspaceRequest { workspace_id: id.into(), ..Default::default() };
    sales.create_workspace(request).await.unwrap();
}

fn read_after(path: &Path, offset: u64) -> String {
    let mut text = String::new();
    let mut log = File::open(path).unwrap();
    log.seek(SeekFrom::Start(offset)).unwrap();
    log.read_to_string(&mut text).unwrap();
    text
}

/// Gives a port to come back to after a kill. It is below those that the kernel gives to connections:
/// a client that looks for a dead server on one of those may be connected with itself, and so take
/// the port away.
fn lasting_port() -> u16 {
    loop {
        let port = fastrand::u16(15_000..30_000);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
