// The journey with Apache commons-net. What it has to do is in journey_test.go.

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.commons.net.PrintCommandListener;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPSClient;

public class Journey {
    private static final String HOME = System.getenv("FTP_DIR");
    private static final String TLS = System.getenv("FTP_TLS");
    private static FTPClient ftp;

    public static void main(String[] args) throws Exception {
        connect();
        File up = new File(System.getenv("FTP_UP"));
        File down = new File(System.getenv("FTP_DOWN"));
        store(new File(up, "copy"), HOME + "/copy");

        long there = Long.parseLong(ftp.getSize(HOME + "/half.bin"));
        try (InputStream big = new FileInputStream(new File(up, "copy/big.bin"))) {
            big.skipNBytes(there);
            check(ftp.appendFile(HOME + "/half.bin", big));
        }
        fetch(HOME + "/copy", new File(down, "copy"));

        File half = new File(down, "half.bin");
        ftp.setRestartOffset(half.length());
        try (OutputStream out = new FileOutputStream(half, true)) {
            check(ftp.retrieveFile(HOME + "/half.bin", out));
        }
        check(ftp.rename(HOME + "/copy/old name.txt", HOME + "/copy/new name.txt"));
        check(ftp.deleteFile(HOME + "/copy/doomed.txt"));
        check(ftp.makeDirectory(HOME + "/made folder"));
        check(ftp.removeDirectory(HOME + "/made folder"));
        check(ftp.makeDirectory(HOME + "/kept folder"));
        check(ftp.changeWorkingDirectory(HOME + "/kept folder"));
        check(ftp.printWorkingDirectory().equals(HOME + "/kept folder"));
        check(ftp.getModificationTime(HOME + "/half.bin") != null);
        check(ftp.logout());
        ftp.disconnect();
    }

    private static void connect() throws Exception {
        if (TLS.equals("clear")) {
            ftp = new FTPClient();
        } else {
            FTPSClient secure = new FTPSClient(TLS.equals("implicit"));
            secure.setTrustManager(trust(System.getenv("FTP_CA")));
            secure.setEndpointCheckingEnabled(true);
            ftp = secure;
        }
        if ("1".equals(System.getenv("FTP_DEBUG"))) {
            ftp.addProtocolCommandListener(new PrintCommandListener(new PrintWriter(System.err, true), true));
        }
        ftp.setControlEncoding("UTF-8");
        ftp.setDefaultTimeout(30000);
        ftp.setConnectTimeout(30000);
        ftp.connect(System.getenv("FTP_HOST"), Integer.parseInt(System.getenv("FTP_PORT")));
        check(ftp.login(System.getenv("FTP_USER"), System.getenv("FTP_PASSWORD")));
        if (ftp instanceof FTPSClient) {
            ((FTPSClient) ftp).execPBSZ(0);
            ((FTPSClient) ftp).execPROT("P");
        }
        if (System.getenv("FTP_DATA").equals("passive")) {
            ftp.enterLocalPassiveMode();
        } else {
            ftp.enterLocalActiveMode();
        }
        check(ftp.setFileType(FTP.BINARY_FILE_TYPE));
    }

    private static TrustManager trust(String file) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = new FileInputStream(file)) {
            store.setCertificateEntry("server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers()[0];
    }

    private static void store(File folder, String remote) throws IOException {
        check(ftp.makeDirectory(remote));
        for (File entry : folder.listFiles()) {
            if (entry.isDirectory()) {
                store(entry, remote + "/" + entry.getName());
                continue;
            }
            try (InputStream in = new FileInputStream(entry)) {
                check(ftp.storeFile(remote + "/" + entry.getName(), in));
            }
        }
    }

    private static void fetch(String remote, File folder) throws IOException {
        if (!folder.mkdir()) {
            throw new IOException("cannot make " + folder);
        }
        check(ftp.changeWorkingDirectory(remote));
        for (FTPFile entry : ftp.listFiles()) { // which asks SYST how to read LIST
            File local = new File(folder, entry.getName());
            if (entry.isDirectory()) {
                fetch(remote + "/" + entry.getName(), local);
                continue;
            }
            try (OutputStream out = new FileOutputStream(local)) {
                check(ftp.retrieveFile(remote + "/" + entry.getName(), out));
            }
        }
    }

    private static void check(boolean ok) throws IOException {
        if (!ok) {
            throw new IOException("the server said: " + ftp.getReplyString());
        }
    }
}
