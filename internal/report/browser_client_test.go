//go:build embedded

package report_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// browser is a headless Chromium that does what ChromeDriver is told over W3C WebDriver.
type browser struct {
	session string // address of its session
	client  http.Client
}

// Keys as WebDriver writes them (W3C WebDriver, 17.4.2).
const (
	keyTab    = "\uE004"
	keyEnter  = "\uE007"
	keyEscape = "\uE00C"
	keySpace  = " "
)

// openBrowser starts ChromeDriver on a port that it chooses itself, and a browser with
// a profile of its own. Both are gone when the test has ended.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	profile, err := os.MkdirTemp("", "ftpisoctl-browser-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { removeSoon(t, profile) })
	b := &browser{session: startDriver(t, profile), client: http.Client{Timeout: time.Minute}}
	var opened struct {
		SessionID string `json:"sessionId"`
	}
	b.call(t, http.MethodPost, "/session", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"browserName":        "chrome",
		"goog:loggingPrefs":  map[string]string{"browser": "ALL", "performance": "ALL"},
		"goog:chromeOptions": map[string]any{"binary": chromium(t), "args": browserFlags(profile)},
	}}}, &opened)
	b.session += "/session/" + opened.SessionID
	t.Cleanup(func() { b.call(t, http.MethodDelete, "", nil, nil) })
	return b
}

// browserFlags keep the browser from looking for anything on a network. As root, which
// CI is, Chromium runs without its sandbox or not at all; what it shows is our own.
func browserFlags(profile string) []string {
	return []string{
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-breakpad", "--disable-dev-shm-usage", "--force-device-scale-factor=1",
		"--window-size=1280,1500", "--lang=en-US", "--user-data-dir=" + profile,
	}
}

func chromium(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("there is no chromium; make test-deps installs it")
	}
	return path
}

// startDriver starts ChromeDriver in a process group of its own and returns its address.
func startDriver(t *testing.T, profile string) string {
	t.Helper()
	driver := exec.Command("chromedriver", "--port=0")
	driver.Env = append(os.Environ(), "HOME="+profile, "XDG_CONFIG_HOME="+profile, "XDG_CACHE_HOME="+profile)
	driver.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := driver.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := driver.Start(); err != nil {
		t.Fatalf("%v; make test-deps installs it", err)
	}
	t.Cleanup(func() {
		if err := syscall.Kill(-driver.Process.Pid, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
		_ = driver.Wait() // it was killed, and says so
		if usage, ok := driver.ProcessState.SysUsage().(*syscall.Rusage); ok {
			t.Logf("the browser took %v of processor time", time.Duration(usage.Utime.Nano()+usage.Stime.Nano()))
		}
	})
	started := regexp.MustCompile(`started successfully on port (\d+)`)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if match := started.FindStringSubmatch(lines.Text()); match != nil {
			go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the driver
			return "http://127.0.0.1:" + match[1]
		}
	}
	t.Fatal("chromedriver did not start")
	return ""
}

// removeSoon removes a folder in which processes that are ending may still write.
func removeSoon(t *testing.T, path string) {
	t.Helper()
	var err error
	for range 50 {
		if err = os.RemoveAll(path); err == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error(err)
}

// call sends a command and reads the value of its answer.
func (b *browser) call(t *testing.T, method, command string, body, value any) {
	t.Helper()
	var sent io.Reader
	if method == http.MethodPost {
		if body == nil {
			body = struct{}{}
		}
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		sent = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, b.session+command, sent)
	if method == http.MethodDelete { // which happens when the test's context has ended
		request, err = http.NewRequest(method, b.session+command, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	response, err := b.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Value json.RawMessage `json:"value"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %.2000s (%v)", command, response.Status, answer.Value, err)
	}
	if value == nil {
		return
	}
	if err := json.Unmarshal(answer.Value, value); err != nil {
		t.Fatalf("%s: %v in %.200s", command, err, answer.Value)
	}
}

// show opens a page from a file, as whoever got it by mail does.
func (b *browser) show(t *testing.T, page string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	b.call(t, http.MethodPost, "/url", map[string]string{"url": "file://" + path}, nil)
}

// ask runs a script in the page, which returns what value takes.
func (b *browser) ask(t *testing.T, value any, script string, args ...any) {
	t.Helper()
	if args == nil {
		args = []any{}
	}
	b.call(t, http.MethodPost, "/execute/sync", map[string]any{"script": script, "args": args}, value)
}

// text is what a script returns, as text.
func (b *browser) text(t *testing.T, script string, args ...any) string {
	t.Helper()
	var said any
	b.ask(t, &said, script, args...)
	return fmt.Sprint(said)
}

// press presses keys one after the other.
func (b *browser) press(t *testing.T, keys ...string) {
	t.Helper()
	var actions []map[string]string
	for _, key := range strings.Split(strings.Join(keys, ""), "") {
		actions = append(actions, map[string]string{"type": "keyDown", "value": key}, map[string]string{"type": "keyUp", "value": key})
	}
	b.call(t, http.MethodPost, "/actions", map[string]any{"actions": []any{map[string]any{"type": "key", "id": "keyboard", "actions": actions}}}, nil)
}

// chrome gives a command of Chromium's own protocol.
func (b *browser) chrome(t *testing.T, value any, command string, params map[string]any) {
	t.Helper()
	b.call(t, http.MethodPost, "/goog/cdp/execute", map[string]any{"cmd": command, "params": params}, value)
}

// media shows the page on paper or on a screen, in the light or in the dark.
func (b *browser) media(t *testing.T, medium, scheme string) {
	t.Helper()
	b.chrome(t, nil, "Emulation.setEmulatedMedia", map[string]any{"media": medium, "features": []any{map[string]string{"name": "prefers-color-scheme", "value": scheme}}})
}

// width makes the window so many pixels wide, 0 as it was.
func (b *browser) width(t *testing.T, pixels int) {
	t.Helper()
	if pixels == 0 {
		b.chrome(t, nil, "Emulation.clearDeviceMetricsOverride", map[string]any{})
		return
	}
	b.chrome(t, nil, "Emulation.setDeviceMetricsOverride", map[string]any{"width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": false})
}

// logged is what has been written to a log since it was last asked for.
func (b *browser) logged(t *testing.T, log string) []string {
	t.Helper()
	var entries []struct {
		Message string `json:"message"`
	}
	b.call(t, http.MethodPost, "/se/log", map[string]string{"type": log}, &entries)
	var texts []string
	for _, e := range entries {
		texts = append(texts, e.Message)
	}
	return texts
}
