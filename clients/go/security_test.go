package libsales_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"libsales.internal/libsales"
	"libsales.internal/libsales/internal/salesd"
	"libsales.internal/libsales/salesv1"
)

// pair is a certificate and its key, in memory and in two files.
type pair struct {
	certificate       *x509.Certificate
	key               *ecdsa.PrivateKey
	certFile, keyFile string
}

// issue makes a certificate for this machine, signed by an authority or, without one, by itself.
func issue(t *testing.T, name string, authority *pair) *pair {
	t.Helper()
	folder := t.TempDir()
	p := &pair{
		certFile: filepath.Join(folder, name+".pem"), keyFile: filepath.Join(folder, name+".key"),
	}
	p.write(t, name, authority)
	return p
}

// write makes the certificate anew, in the same files.
func (p *pair) write(t *testing.T, name string, authority *pair) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(time.Now().UnixNano()),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(time.Hour),
		DNSNames:              []string{"localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		BasicConstraintsValid: true,
		IsCA:                  authority == nil,
	}
	parent, signer := template, key
	if authority != nil {
		parent, signer = authority.certificate, authority.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	if p.certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	p.key = key
	writePEM(t, p.certFile, "CERTIFICATE", der)
	writePEM(t, p.keyFile, "PRIVATE KEY", secret)
}

func writePEM(t *testing.T, path, kind string, der []byte) {
	t.Helper()
	text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (p *pair) serve() []string {
	return []string{"--tls-cert-file=" + p.certFile, "--tls-key-file=" + p.keyFile}
}

// reaches makes a call; a server that is not reached is UNAVAILABLE.
func reaches(t *testing.T, target string, opts ...libsales.Option) error {
	t.Helper()
	sales := connect(t, target, append(opts, libsales.WithTimeout(10*time.Second))...)
	for _, err := range sales.ListWorkspaces(t.Context(), &salesv1.ListWorkspacesRequest{}) {
		return err
	}
	return nil
}

func TestAClientWhoTrustsTheAuthorityIsServed(t *testing.T) {
	authority, stranger := issue(t, "ca", nil), issue(t, "stranger", nil)
	target := salesd.Start(t, issue(t, "server", authority).serve()...).Target
	if err := reaches(t, target, libsales.WithCAFile(authority.certFile)); err != nil {
		t.Error(err)
	}
	err := reaches(t, target, libsales.WithCAFile(stranger.certFile))
	refused(t, err, codes.Unavailable, "")
	refused(t, reaches(t, target, libsales.WithTLS()), codes.Unavailable, "")
	refused(t, reaches(t, target), codes.Unavailable, "")
}

func TestAServerMayAskClientsForCertificates(t *testing.T) {
	authority, stranger := issue(t, "ca", nil), issue(t, "stranger", nil)
	flags := append(issue(t, "server", authority).serve(), "--tls-client-ca-file="+authority.certFile)
	target := salesd.Start(t, flags...).Target
	trust := libsales.WithCAFile(authority.certFile)
	anna := issue(t, "anna", authority)
	if err := reaches(t, target, trust, libsales.WithClientCertificate(anna.certFile, anna.keyFile)); err != nil {
		t.Error(err)
	}
	refused(t, reaches(t, target, trust), codes.Unavailable, "")
	eva := issue(t, "eva", stranger)
	refused(t, reaches(t, target, trust, libsales.WithClientCertificate(eva.certFile, eva.keyFile)),
		codes.Unavailable, "")
}

func TestAClientCertificateIsReadForEachConnection(t *testing.T) {
	authority, stranger := issue(t, "ca", nil), issue(t, "stranger", nil)
	flags := append(issue(t, "server", authority).serve(), "--tls-client-ca-file="+authority.certFile)
	target := salesd.Start(t, flags...).Target
	anna := issue(t, "anna", stranger)
	sales := connect(t, target, libsales.WithCAFile(authority.certFile),
		libsales.WithClientCertificate(anna.certFile, anna.keyFile))
	request := &salesv1.CreateWorkspaceRequest{WorkspaceId: "studio"}
	_, err := sales.CreateWorkspace(t.Context(), request)
	refused(t, err, codes.Unavailable, "")
	anna.write(t, "anna", authority)
	if _, err := sales.CreateWorkspace(t.Context(), request); err != nil {
		t.Error(err)
	}
}

func TestATokenIsReadAgainWhenItsFileChanges(t *testing.T) {
	server, _ := misbehaving(t)
	path := filepath.Join(t.TempDir(), "token")
	write(t, path, "first\n")
	sales := connect(t, server.target, libsales.WithTokenFile(path))
	call := func() {
		t.Helper()
		if _, err := sales.AdvanceLead(t.Context(), aLead); err != nil {
			t.Fatal(err)
		}
	}
	call()
	write(t, path, "second")
	call()
	// As Kubernetes does it: another file takes the name.
	write(t, path+".new", "sEcond")
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
	call()
	var said []string
	for _, metadata := range server.metadata {
		said = append(said, metadata.Get("authorization")...)
	}
	if !slices.Equal(said, []string{"Bearer first", "Bearer second", "Bearer sEcond"}) {
		t.Error(said)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	_, err := sales.AdvanceLead(t.Context(), aLead)
	refused(t, err, codes.Unauthenticated, "")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestATokenIsSentUnencryptedToThisMachineOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	write(t, path, "secret")
	for target, allowed := range map[string]bool{
		"localhost:8443": true, "127.0.0.1:8443": true, "[::1]:8443": true, "dns:///localhost:8443": true,
		"unix:///run/sales.sock": true, "dns:127.1.2.3:8443": true,
		"sales.example.com:8443": false, "10.0.0.1:8443": false, "dns:///sales:8443": false,
		"localhost.example.com:8443": false, "[2001:db8::1]:8443": false, "sales": false,
	} {
		sales, err := libsales.Connect(target, libsales.WithTokenFile(path))
		if (err == nil) != allowed {
			t.Errorf("%s: %v", target, err)
		}
		if err == nil {
			_ = sales.Close()
		}
	}
	sales, err := libsales.Connect("sales.example.com:8443", libsales.WithTLS(), libsales.WithTokenFile(path))
	if err != nil {
		t.Fatal(err)
	}
	_ = sales.Close()
}

func TestFilesThatCannotBeUsedAreRefusedAtOnce(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	write(t, empty, "")
	for name, option := range map[string]libsales.Option{
		"no authorities":    libsales.WithCAFile(empty),
		"no file":           libsales.WithCAFile(empty + "-not"),
		"no key":            libsales.WithClientCertificate(empty, ""),
		"no certificate":    libsales.WithClientCertificate(empty, empty),
		"an empty token":    libsales.WithTokenFile(empty),
		"a token not there": libsales.WithTokenFile(empty + "-not"),
	} {
		if _, err := libsales.Connect("localhost:1", option); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// token makes a token for a store, while its server runs or not.
func token(t *testing.T, s *salesd.Server, actor string) string {
	t.Helper()
	return strings.TrimSpace(s.Run(t, "token", "--store="+s.Store, "--role=owner", "--actor="+actor))
}

func TestAServerMayAskForATokenWhichSaysWhoCalls(t *testing.T) {
	server := salesd.New(t, "--auth=required")
	path := filepath.Join(t.TempDir(), "token")
	write(t, path, token(t, server, "boss"))
	server.Serve(t)

	_, err := connect(t, server.Target).CreateWorkspace(t.Context(),
		&salesv1.CreateWorkspaceRequest{WorkspaceId: "studio"})
	refused(t, err, codes.Unauthenticated, "CREDENTIALS_MISSING")

	sales := connect(t, server.Target,
		libsales.WithWorkspace("studio"), libsales.WithTokenFile(path))
	create(t, sales, "studio")
	write(t, path, "sales_of-somebody-else")
	_, err = sales.CreateChannel(t.Context(), &salesv1.CreateChannelRequest{ChannelId: "ads"})
	refused(t, err, codes.Unauthenticated, "CREDENTIALS_INVALID")

	write(t, path, token(t, server, "anna"))
	_, err = sales.CreateChannel(t.Context(), &salesv1.CreateChannelRequest{ChannelId: "ads"})
	if err != nil {
		t.Fatal(err)
	}
	var actors []string
	for event, err := range sales.ListEvents(t.Context(), &salesv1.ListEventsRequest{}) {
		if err != nil {
			t.Fatal(err)
		}
		actors = append(actors, event.Actor)
	}
	if actors = slices.Compact(actors); !slices.Equal(actors, []string{"boss", "anna"}) {
		t.Error(actors)
	}
}
