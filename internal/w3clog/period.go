package w3clog

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Period says when a new file begins (Microsoft, ftpServer/logFile). The zero
// Period is Daily.
type Period string

// The periods, in the words of IIS's schema. Weeks begin on Sunday and with the
// month.
const (
	MaxSize Period = "MaxSize"
	Hourly  Period = "Hourly"
	Daily   Period = "Daily"
	Weekly  Period = "Weekly"
	Monthly Period = "Monthly"
)

// name returns the name of the file of a time. u_ marks UTF-8.
func (p Period) name(when time.Time) string {
	switch p {
	case Hourly:
		return when.Format("u_ex06010215.log")
	case Weekly:
		return when.Format("u_ex0601") + fmt.Sprintf("%02d.log", weekOf(when)+1)
	case Monthly:
		return when.Format("u_ex0601.log")
	}
	return when.Format("u_ex060102.log")
}

// weekOf counts the weeks of a month from 0.
func weekOf(when time.Time) int {
	first := when.AddDate(0, 0, 1-when.Day()).Weekday()
	return (when.Day() - 1 + int(first)) / 7
}

// bounds returns begin and end of the period of a time; MaxSize has none.
func (p Period) bounds(when time.Time) (from, to time.Time) {
	year, month, day := when.Date()
	date := func(month time.Month, day int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, 0, when.Location())
	}
	switch p {
	case MaxSize:
		return time.Time{}, time.Time{}
	case Hourly:
		// Where clocks are put back, an hour comes twice and is one file.
		from = when.Truncate(time.Minute).Add(-time.Duration(when.Minute()) * time.Minute)
		return from, from.Add(time.Hour)
	case Weekly:
		from, to = date(month, day-int(when.Weekday())), date(month, day-int(when.Weekday())+7)
		if first := date(month, 1); from.Before(first) {
			from = first
		}
		if next := date(month+1, 1); to.After(next) {
			to = next
		}
		return from, to
	case Monthly:
		return date(month, 1), date(month+1, 1)
	}
	return date(month, day), date(month, day+1)
}

const sizePrefix, sizeSuffix = "u_extend", ".log"

// nextBySize returns the last file of a folder that has room, or the one behind it.
func nextBySize(dir string, most int64) (string, error) {
	last, size, err := lastBySize(dir)
	if err != nil {
		return "", err
	}
	if last == 0 || size >= most {
		last++
	}
	return sizePrefix + strconv.Itoa(last) + sizeSuffix, nil
}

// lastBySize returns the highest number in use, 0 for none, and its file's size.
func lastBySize(dir string) (last int, size int64, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, 0, err
	}
	for _, entry := range entries {
		digits, found := strings.CutPrefix(entry.Name(), sizePrefix)
		digits, ends := strings.CutSuffix(digits, sizeSuffix)
		n, err := strconv.Atoi(digits)
		if !found || !ends || err != nil || n <= last || strconv.Itoa(n) != digits {
			continue
		}
		info, err := entry.Info()
		if err != nil {
			continue // it has just been taken away
		}
		last, size = n, info.Size()
	}
	return last, size, nil
}

// skip makes room for the next number: the present file, if it holds anything, is
// not continued.
func (f *files) skip() error {
	last, size, err := lastBySize(f.dir)
	if err != nil || last == 0 || size == 0 {
		return err
	}
	next := filepath.Join(f.dir, sizePrefix+strconv.Itoa(last+1)+sizeSuffix)
	file, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	return file.Close()
}
