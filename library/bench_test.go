//go:build unix

package library

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// large is how many skills the benchmarks have.
const large = 10_000

// largeSource writes a library of 10,000 skills of ordinary size, in 100
// domains, two of three with a references folder, all left alone for an hour.
func largeSource(tb testing.TB) Source {
	tb.Helper()
	root := tb.TempDir()
	words := strings.Fields("audit review design build plan launch test measure write edit deploy secure migrate forecast")
	text := strings.Repeat("Go through the list, note what is missing, and say who does it by when.\n", 80)
	for i := range large {
		name := fmt.Sprintf("%s-%s-%04d", words[i%len(words)], words[i/7%len(words)], i)
		dir := filepath.Join(root, fmt.Sprintf("domain-%02d", i%100), "skills", name)
		page := fmt.Sprintf("---\nname: %s\ndescription: %s what there is to %s in area %d. Use when somebody asks for a %s, or before a release is planned.\nlicense: MIT\nmetadata:\n  version: \"1.%d\"\n---\n\n# %s\n\n%s", name, words[i%len(words)], words[i/7%len(words)], i, words[i/7%len(words)], i%9, name, text)
		write(tb, filepath.Join(dir, "SKILL.md"), page)
		if i%3 > 0 {
			write(tb, filepath.Join(dir, "references", "details.md"), "Details.\n")
		}
	}
	age(tb, root)
	return Source{Name: "large", Path: root}
}

func openLarge(b *testing.B) (*Library, Source) {
	b.Helper()
	src := largeSource(b)
	l, err := Open([]Source{Shipped(), src}, Options{})
	if err != nil {
		b.Fatal(err)
	}
	if n := l.Snapshot().Count().Skills; n != large+12 {
		b.Fatalf("%d skills, want %d", n, large+12)
	}
	return l, src
}

// spent is the processor time of this process so far: on a machine that others
// use too, it says more than the clock. All processors count, so what runs on
// two takes half of it.
func spent() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func reportSpent(b *testing.B, total time.Duration) {
	b.ReportMetric(float64(total.Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

// BenchmarkColdLoad reads 10,000 skills from disk. The aim is 2 s.
func BenchmarkColdLoad(b *testing.B) {
	src := largeSource(b)
	start := spent()
	defer func() { reportSpent(b, spent()-start) }()
	for b.Loop() {
		if _, err := Open([]Source{Shipped(), src}, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReloadOne reloads 10,000 skills of which one has changed: by looking
// at all of them, as a poll does, and by looking where something happened, as
// Watch does. The aim is 50 ms.
func BenchmarkReloadOne(b *testing.B) {
	l, src := openLarge(b)
	const at = "domain-00/skills/audit-audit-0000/SKILL.md"
	name := filepath.Join(src.Path, filepath.FromSlash(at))
	text, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	for how, reload := range map[string]func() (Report, error){
		"all":   func() (Report, error) { return l.Reload(b.Context()) },
		"watch": func() (Report, error) { return l.Refresh(b.Context(), "large", at) },
	} {
		b.Run(how, func(b *testing.B) {
			var total time.Duration
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				write(b, name, fmt.Sprintf("%s\nOnce more: %s %d.\n", text, how, i))
				start := spent()
				b.StartTimer()
				report, err := reload()
				if err != nil || len(report.Changed) != 1 {
					b.Fatalf("%+v %v", report, err)
				}
				total += spent() - start
			}
			reportSpent(b, total)
		})
	}
}

// BenchmarkReloadNone reloads 10,000 skills of which none has changed.
func BenchmarkReloadNone(b *testing.B) {
	l, _ := openLarge(b)
	start := spent()
	defer func() { reportSpent(b, spent()-start) }()
	for b.Loop() {
		if _, err := l.Reload(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkComplete completes what somebody types among 10,000 skills. The aim is 1 ms.
func BenchmarkComplete(b *testing.B) {
	l, _ := openLarge(b)
	s := l.Snapshot()
	for _, typed := range []string{"", "a", "audit-rev", "review", "0042", "release is pl", "nothing has this"} {
		b.Run(strings.ReplaceAll("typed "+typed, " ", "_"), func(b *testing.B) {
			for b.Loop() {
				s.Complete(SkillKind, typed, 25)
			}
		})
	}
}

// BenchmarkSearch searches 10,000 skills.
func BenchmarkSearch(b *testing.B) {
	l, _ := openLarge(b)
	s := l.Snapshot()
	for b.Loop() {
		s.Search(SkillKind, "review release", 1, 20)
	}
}

// BenchmarkFind resolves a name that is there and one that is not.
func BenchmarkFind(b *testing.B) {
	l, _ := openLarge(b)
	s := l.Snapshot()
	for name, text := range map[string]string{"there": "review-audit-0001", "not": "reviw-audti"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, _ = s.FindSkill(text)
			}
		})
	}
}

// BenchmarkMemory reports what 10,000 skills hold on to. The aim is 200 MB.
func BenchmarkMemory(b *testing.B) {
	src := largeSource(b)
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		l, err := Open([]Source{Shipped(), src}, Options{})
		if err != nil {
			b.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-held")
		b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/1e6, "MB-allocated")
		runtime.KeepAlive(l)
	}
}
